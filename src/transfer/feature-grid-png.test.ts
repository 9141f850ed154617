import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { IMAGE_BYTES } from '../base/data-set.ts'
import type { RankedImage } from '../contract/feature-grid.ts'
import { createRandom } from '../base/random.ts'
import { featureGridPng } from './feature-grid-png.ts'
import { encodePng } from './png.ts'

/** Width, height and RGB of a PNG with the filters None and Sub, from the format's description and Node's zlib. */
function decode(png: Uint8Array) {
  const view = new DataView(png.buffer, png.byteOffset)
  const data: Uint8Array[] = []
  const types: string[] = []
  let [width, height] = [0, 0]
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at)
    const type = Buffer.from(png.subarray(at + 4, at + 8)).toString('latin1')
    if (type === 'IHDR') [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)]
    if (type === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length))
    if (type !== types.at(-1)) types.push(type)
    at += 12 + length
  }
  const raw = inflateSync(Buffer.concat(data))
  const rgb = new Uint8Array(width * height * 3)
  const rowBytes = width * 3
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < rowBytes; i++) {
      const left = raw[y * (rowBytes + 1)] === 1 && i >= 3 ? (rgb[y * rowBytes + i - 3] ?? 0) : 0
      rgb[y * rowBytes + i] = (raw[y * (rowBytes + 1) + 1 + i] ?? 0) + left
    }
  }
  return { width, height, rgb, types }
}

const noise = (length: number) => {
  const random = createRandom(1, 'noise')
  return new Uint8Array(length).map(() => random.below(256))
}

test('a PNG holds the pixels that it was given, in whatever strips', async () => {
  const rgb = noise(5 * 4 * 3)
  const whole = await encodePng({ width: 5, height: 4 }, [rgb])
  expect(decode(whole)).toEqual({ width: 5, height: 4, rgb, types: ['IHDR', 'IDAT', 'IEND'] })
  const strips = [rgb.subarray(0, 15), rgb.subarray(15, 45), rgb.subarray(45)]
  expect(decode(await encodePng({ width: 5, height: 4 }, strips)).rgb).toEqual(rgb)
})

test('a row of the grid has the lowest images from the left and the highest up to the right', async () => {
  const pixels = noise(3 * IMAGE_BYTES)
  const ranked = (image: number): RankedImage => ({ image, label: 0, activation: image })
  const rest = { spread: 1, purity: 1 }
  const grid = {
    images: 3,
    features: [
      { lowest: [ranked(0), ranked(1)], highest: [ranked(1), ranked(2)], ...rest },
      { lowest: [], highest: [ranked(2)], ...rest },
    ],
  }
  const { width, height, rgb } = decode(await featureGridPng(grid, pixels))
  expect([width, height]).toEqual([640, 64])

  const pixelAt = (column: number, row: number, x: number, y: number) => {
    const at = ((row * 32 + y) * 640 + column * 32 + x) * 3
    return [...rgb.subarray(at, at + 3)]
  }
  const pixelOf = (image: number, x: number, y: number) =>
    [0, 1, 2].map((channel) => pixels[image * IMAGE_BYTES + channel * 1024 + y * 32 + x])
  expect(pixelAt(0, 0, 3, 7)).toEqual(pixelOf(0, 3, 7))
  expect(pixelAt(1, 0, 31, 31)).toEqual(pixelOf(1, 31, 31))
  expect(pixelAt(18, 0, 5, 0)).toEqual(pixelOf(1, 5, 0))
  expect(pixelAt(19, 1, 0, 9)).toEqual(pixelOf(2, 0, 9))
  expect(pixelAt(0, 1, 0, 0)).toEqual([0, 0, 0])
})
