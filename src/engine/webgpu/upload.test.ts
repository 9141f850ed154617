import { expect, test } from 'vitest'
import { IMAGE_BYTES } from '../../contract/data-set.ts'
import { encodeUpload, uploadLayout } from './upload.ts'

const LAYOUT = uploadLayout(4)
const BATCH = {
  size: 2,
  pixels: Uint8Array.from({ length: 2 * IMAGE_BYTES }, (_, i) => i % 251),
  labels: Uint8Array.of(7, 3),
  augmentation: {
    padding: 4,
    left: Uint8Array.of(8, 1),
    top: Uint8Array.of(0, 2),
    flip: Uint8Array.of(1, 0),
  },
}

test('an upload holds the step’s figures, a word an image, and the pixels as they are', () => {
  const target = new ArrayBuffer(LAYOUT.bytes)
  const bytes = encodeUpload(
    LAYOUT,
    BATCH,
    { metricsSlot: 9, learningRate: 0.25, biasCorrection: { mean: 10, root: 31.5 } },
    target,
  )
  const view = new DataView(target)
  expect([0, 4, 8].map((at) => view.getUint32(at, true))).toEqual([2, 4, 9])
  expect([12, 16, 20].map((at) => view.getFloat32(at, true))).toEqual([0.25, 10, 31.5])
  const word = (image: number) => Array.from(new Uint8Array(target, LAYOUT.images.offset + 4 * image, 4))
  expect(word(0)).toEqual([7, 8, 0, 1])
  expect(word(1)).toEqual([3, 1, 2, 0])
  expect(new Uint8Array(target, LAYOUT.pixels.offset, 2 * IMAGE_BYTES)).toEqual(BATCH.pixels)
  expect(bytes).toBe(LAYOUT.pixels.offset + 2 * IMAGE_BYTES)
})

test('images as they are have no crop and no padding, whatever the buffer held before', () => {
  const target = new ArrayBuffer(LAYOUT.bytes)
  const figures = { metricsSlot: 0, learningRate: 0.1 }
  encodeUpload(LAYOUT, BATCH, figures, target)
  encodeUpload(LAYOUT, { ...BATCH, augmentation: null }, figures, target)
  expect(new DataView(target).getUint32(4, true)).toBe(0)
  expect(Array.from(new Uint8Array(target, LAYOUT.images.offset, 4))).toEqual([7, 0, 0, 0])
})

test('every part begins at a multiple of 256 bytes', () => {
  for (const { offset } of [LAYOUT.step, LAYOUT.images, LAYOUT.pixels]) expect(offset % 256).toBe(0)
})
