import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { augmentImages, decodeBatch } from './decode-batch.ts'
import type { BatchAugmentation } from './engine.ts'
import { TORCHVISION_CASES, TORCHVISION_SALT } from '../testing/fixtures/torchvision-cases.ts'
import { byteNoise } from '../testing/suites/parity.ts'

const SIDE = 32
const PLANE = SIDE * SIDE

/** One image whose red, green and blue planes are 1 + its row, 1 + its column and 255. */
const pixels = Uint8Array.from({ length: 3 * PLANE }, (_, i) => {
  const [row, column] = [Math.floor((i % PLANE) / SIDE), i % SIDE]
  return [1 + row, 1 + column, 255][Math.floor(i / PLANE)] ?? 0
})

function augmented(padding: number, left: number, top: number, flip: 0 | 1) {
  const augmentation: BatchAugmentation = {
    rotation: null,
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
    rotation: null,
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
  const decoded = decodeBatch(
    { size: 1, pixels, augmentation: null },
    {
      kind: 'channels',
      mean: [...mean],
      std: [...std],
    },
  )
  const at = 3 * (5 * SIDE + 9)
  expect(decoded[at]).toBeCloseTo((6 / 255 - 0.5) / 0.5, 6)
  expect(decoded[at + 1]).toBeCloseTo((10 / 255 - 0.25) / 0.25, 6)
  expect(decoded[at + 2]).toBe(0.5)
})

/** Cropped from the upper left corner of the padding. */
const CORNER: BatchAugmentation = {
  rotation: null,
  padding: 1,
  left: Uint8Array.of(0),
  top: Uint8Array.of(0),
  flip: Uint8Array.of(0),
}

test('padding is a black pixel before its channels are normalised', () => {
  const decoded = decodeBatch(
    { size: 1, pixels, augmentation: CORNER },
    { kind: 'channels', mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
  )
  expect(decoded[0]).toBe(-2)
})

test('an image centred by itself has the mean 0 before it is cropped, and padding of 0', () => {
  const whole = decodeBatch({ size: 1, pixels, augmentation: null }, { kind: 'image-mean' })
  const mean = whole.reduce((sum, value) => sum + value, 0) / whole.length
  expect(Math.abs(mean)).toBeLessThan(1e-6)
  // Rows, columns and blue have the means 16.5, 16.5 and 255.
  expect(whole[2]).toBeCloseTo(1 - 288 / 3 / 255, 6)
  const cropped = decodeBatch({ size: 1, pixels, augmentation: CORNER }, { kind: 'image-mean' })
  expect(Array.from(cropped.subarray(0, 3))).toEqual([0, 0, 0])
  expect(cropped[3 * 33 + 2]).toBe(whole[2])
})

test('the mean image is subtracted where the pixel was stored, and padding is 0', () => {
  const mean = Float32Array.from(pixels, (byte) => Math.fround(byte / 255))
  const shifted = decodeBatch({ size: 1, pixels, augmentation: CORNER }, { kind: 'pixel-mean', mean })
  expect(new Set(shifted)).toEqual(new Set([0]))
  mean[PLANE + 5] = 0
  const one = decodeBatch({ size: 1, pixels, augmentation: CORNER }, { kind: 'pixel-mean', mean })
  // Pixel (0, 5) is at (1, 6) now; its green is 6.
  expect(one[3 * (32 + 6) + 1]).toBe(Math.fround(6 / 255))
})

describe('torchvision’s rotation, mirroring and crop, alone and in the systems’ orders, byte for byte', () => {
  const stored = byteNoise(TORCHVISION_SALT, 3 * PLANE)
  test.each(TORCHVISION_CASES)('$name', ({ augmentation, sha256 }) => {
    const bytes = augmentImages({ size: 1, pixels: stored, augmentation })
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
  })
})

test('decoding leaves the stored bytes as they are', () => {
  const before = pixels.slice()
  decodeBatch({ size: 1, pixels, augmentation: CORNER }, { kind: 'image-mean' })
  expect(pixels).toEqual(before)
})
