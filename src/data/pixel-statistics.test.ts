import { expect, test } from 'vitest'
import { IMAGE_BYTES, PLANE_BYTES } from '../base/data-set.ts'
import type { ImageSet } from './image-set.ts'
import { channelStatistics, meanImage } from './pixel-statistics.ts'

/** Two images: red is 0 and 255, green is 51 everywhere, blue is the pixel's number modulo 256 in both. */
const pixels = Uint8Array.from({ length: 2 * IMAGE_BYTES }, (_, i) => {
  const image = Math.floor(i / IMAGE_BYTES)
  const channel = Math.floor((i % IMAGE_BYTES) / PLANE_BYTES)
  return [255 * image, 51, i % 256][channel] ?? 0
})
const IMAGES: ImageSet = { count: 2, pixels, labels: Uint8Array.of(0, 1), classNames: [] }

test('the mean image is the mean of each byte, divided by 255', () => {
  const mean = meanImage(IMAGES)
  expect(mean).toHaveLength(IMAGE_BYTES)
  expect(mean[7]).toBe(0.5)
  expect(mean[PLANE_BYTES + 7]).toBe(Math.fround(0.2))
  expect(mean[2 * PLANE_BYTES + 300]).toBe(Math.fround(44 / 255))
})

test('channel statistics are mean and population deviation; one colour has a deviation of 1', () => {
  const { mean, std } = channelStatistics(IMAGES)
  expect(mean[0]).toBeCloseTo(0.5, 12)
  expect(std[0]).toBeCloseTo(0.5, 12)
  expect(mean[1]).toBeCloseTo(0.2, 12)
  expect(std[1]).toBe(1)
  expect(mean[2]).toBeCloseTo(0.5, 12)
  // Uniform on 0 … 255: √((256² − 1) ÷ 12).
  expect(std[2]).toBeCloseTo(Math.sqrt((256 ** 2 - 1) / 12) / 255, 12)
})
