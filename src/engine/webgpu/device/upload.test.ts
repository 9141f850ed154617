import { expect, test } from 'vitest'
import { IMAGE_BYTES } from '../../../base/data-set.ts'
import { encodeUpload, uploadLayout } from './upload.ts'

const LAYOUT = uploadLayout(4)
/** cos, sin, x and y in 16.16 fixed point; pixels are looked up at their middle. */
const NO_TURN = [65_536, 0, 32_768, 32_768]
const BATCH = {
  size: 2,
  pixels: Uint8Array.from({ length: 2 * IMAGE_BYTES }, (_, i) => i % 251),
  labels: Uint8Array.of(7, 3),
  augmentation: {
    rotation: Float32Array.of(90, 0),
    padding: 4,
    left: Uint8Array.of(8, 1),
    top: Uint8Array.of(0, 2),
    flip: Uint8Array.of(1, 0),
  },
}

test('an upload holds the step’s inputs, a word and a rotation an image, and the pixels as they are', () => {
  const target = new ArrayBuffer(LAYOUT.bytes)
  const bytes = encodeUpload(
    LAYOUT,
    BATCH,
    {
      metricsSlot: 9,
      learningRate: 0.25,
      number: 70_000,
      stepFactors: [10, 31.5],
      firstImage: 300,
    },
    target,
  )
  const view = new DataView(target)
  expect([0, 4, 8, 16, 28].map((at) => view.getUint32(at, true))).toEqual([2, 4, 9, 70_000, 300])
  expect([12, 20, 24].map((at) => view.getFloat32(at, true))).toEqual([0.25, 10, 31.5])
  const word = (image: number) => Array.from(new Uint8Array(target, LAYOUT.images.offset + 4 * image, 4))
  expect(word(0)).toEqual([7, 8, 0, 1])
  expect(word(1)).toEqual([3, 1, 2, 0])
  const turn = (image: number) => Array.from(new Int32Array(target, LAYOUT.rotations.offset + 16 * image, 4))
  expect(turn(0)).toEqual([0, -65_536, 31.5 * 65_536, 32_768])
  expect(turn(1)).toEqual(NO_TURN)
  expect(new Uint8Array(target, LAYOUT.pixels.offset, 2 * IMAGE_BYTES)).toEqual(BATCH.pixels)
  expect(bytes).toBe(LAYOUT.pixels.offset + 2 * IMAGE_BYTES)
})

test('images as they are have no crop, no padding and no rotation, whatever the buffer held before', () => {
  const target = new ArrayBuffer(LAYOUT.bytes)
  const inputs = { metricsSlot: 0, learningRate: 0.1, number: 0 }
  encodeUpload(LAYOUT, BATCH, inputs, target)
  encodeUpload(LAYOUT, { ...BATCH, augmentation: null }, inputs, target)
  expect(new DataView(target).getUint32(4, true)).toBe(0)
  expect(Array.from(new Uint8Array(target, LAYOUT.images.offset, 4))).toEqual([7, 0, 0, 0])
  expect(Array.from(new Int32Array(target, LAYOUT.rotations.offset, 4))).toEqual(NO_TURN)
})

test('every part begins at a multiple of 256 bytes', () => {
  for (const { offset } of [LAYOUT.step, LAYOUT.images, LAYOUT.rotations, LAYOUT.pixels])
    expect(offset % 256).toBe(0)
})
