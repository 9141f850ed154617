import { expect, test } from 'vitest'
import { augmentImages, decodeBatch } from './decode-batch.ts'
import type { BatchAugmentation } from './engine.ts'

const SIDE = 32
const PLANE = SIDE * SIDE

/** One image whose red, green and blue planes are 1 + its row, 1 + its column and 255. */
const pixels = Uint8Array.from({ length: 3 * PLANE }, (_, i) => {
  const [row, column] = [Math.floor((i % PLANE) / SIDE), i % SIDE]
  return [1 + row, 1 + column, 255][Math.floor(i / PLANE)] ?? 0
})

function augmented(padding: number, left: number, top: number, flip: 0 | 1) {
  const augmentation: BatchAugmentation = {
    padding,
    left: Uint8Array.of(left),
    top: Uint8Array.of(top),
    flip: Uint8Array.of(flip),
  }
  const bytes = augmentImages({ size: 1, pixels, augmentation })
  return (row: number, column: number) =>
    [0, 1, 2].map((channel) => bytes[channel * PLANE + row * SIDE + column] ?? -1)
}

test('the crop at the padding’s corner is the image itself', () => {
  const at = augmented(4, 4, 4, 0)
  expect(at(0, 0)).toEqual([1, 1, 255])
  expect(at(31, 7)).toEqual([32, 8, 255])
})

test('a crop further left and up moves the image right and down, and the padding is black', () => {
  const at = augmented(4, 1, 3, 0)
  expect(at(1, 3)).toEqual([1, 1, 255])
  expect(at(0, 3)).toEqual([0, 0, 0])
  expect(at(1, 2)).toEqual([0, 0, 0])
  expect(at(31, 31)).toEqual([31, 29, 255])
})

test('a crop furthest right and down ends in padding', () => {
  const at = augmented(4, 8, 8, 0)
  expect(at(0, 0)).toEqual([5, 5, 255])
  expect(at(27, 27)).toEqual([32, 32, 255])
  expect(at(28, 27)).toEqual([0, 0, 0])
  expect(at(27, 28)).toEqual([0, 0, 0])
})

test('a flip mirrors the crop, padding included', () => {
  const at = augmented(4, 1, 4, 1)
  expect(at(0, 31)).toEqual([0, 0, 0])
  expect(at(0, 28)).toEqual([1, 1, 255])
  expect(at(0, 0)).toEqual([1, 29, 255])
})

test('each image of a batch has its own crop and flip', () => {
  const augmentation = {
    padding: 1,
    left: Uint8Array.of(1, 0),
    top: Uint8Array.of(1, 1),
    flip: Uint8Array.of(1, 0),
  }
  const two = Uint8Array.from([...pixels, ...pixels])
  const bytes = augmentImages({ size: 2, pixels: two, augmentation })
  const green = (image: number, column: number) => bytes[image * 3 * PLANE + PLANE + column]
  expect([green(0, 0), green(0, 31)]).toEqual([32, 1])
  expect([green(1, 0), green(1, 31)]).toEqual([0, 31])
})

test('decoding gives (value ÷ 255 − mean) ÷ std with channels last', () => {
  const mean = [0.5, 0.25, 0] as const
  const std = [0.5, 0.25, 2] as const
  const decoded = decodeBatch({ size: 1, pixels, augmentation: null }, { mean: [...mean], std: [...std] })
  const at = 3 * (5 * SIDE + 9)
  expect(decoded[at]).toBeCloseTo((6 / 255 - 0.5) / 0.5, 6)
  expect(decoded[at + 1]).toBeCloseTo((10 / 255 - 0.25) / 0.25, 6)
  expect(decoded[at + 2]).toBe(0.5)
})

test('padding is a black pixel before it is normalised', () => {
  const augmentation = { padding: 1, left: Uint8Array.of(0), top: Uint8Array.of(0), flip: Uint8Array.of(0) }
  const decoded = decodeBatch(
    { size: 1, pixels, augmentation },
    { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
  )
  expect(decoded[0]).toBe(-2)
})

test('decoding leaves the stored bytes as they are', () => {
  const before = pixels.slice()
  const augmentation = { padding: 4, left: Uint8Array.of(0), top: Uint8Array.of(8), flip: Uint8Array.of(1) }
  decodeBatch({ size: 1, pixels, augmentation }, { mean: [0, 0, 0], std: [1, 1, 1] })
  expect(pixels).toEqual(before)
})
