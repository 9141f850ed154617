import { describe, expect, test } from 'vitest'
import { IMAGE_BYTES } from '../../base/data-set.ts'
import { createRandom } from '../../base/random.ts'
import { decodeBatch } from '../../engine/decode-batch.ts'
import type { ImageNormalisation } from '../../engine/engine.ts'
import { inputMoments } from './input-moments.ts'
import { pixelProducts, pixelSums } from './pixel-products.ts'

const COUNT = 6

function someImages() {
  const random = createRandom(1, 'images')
  return { count: COUNT, pixels: new Uint8Array(COUNT * IMAGE_BYTES).map(() => random.below(256)) }
}

const NORMALISATIONS: readonly ImageNormalisation[] = [
  { kind: 'channels', mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
  { kind: 'image-mean' },
  { kind: 'pixel-mean', mean: Float32Array.from({ length: IMAGE_BYTES }, (_, i) => (i % 7) / 10) },
]

describe('mean and covariance are those of the images as a network is given them', () => {
  test.each(NORMALISATIONS)('$kind', async (normalisation) => {
    const images = someImages()
    const products = await pixelProducts(images, async () => undefined)
    const moments = inputMoments({ count: COUNT, sums: pixelSums(images), products }, normalisation)
    const inputs = decodeBatch({ size: COUNT, pixels: images.pixels, augmentation: null }, normalisation)
    const average = (value: (start: number) => number) =>
      Array.from({ length: COUNT }, (_, n) => value(n * IMAGE_BYTES)).reduce((sum, x) => sum + x, 0) / COUNT
    for (const [i, j] of [
      [0, 0],
      [1, 0],
      [5, 3_071],
      [3_071, 3_071],
      [1_024, 2_047],
    ] as const) {
      const meanOf = (place: number) => average((start) => inputs[start + place] ?? 0)
      const centred = (start: number, place: number) => (inputs[start + place] ?? 0) - meanOf(place)
      expect(moments.mean[i]).toBeCloseTo(meanOf(i), 6)
      const covariance = average((start) => centred(start, i) * centred(start, j))
      expect(moments.covariance[i * IMAGE_BYTES + j]).toBeCloseTo(covariance, 6)
    }
  })
})

test('products of bytes are exact sums, also of more images than are added at once', async () => {
  const random = createRandom(2, 'images')
  const count = 130
  const pixels = new Uint8Array(count * IMAGE_BYTES).map(() => random.below(256))
  const shares: number[] = []
  const products = await pixelProducts({ count, pixels }, async (share) => void shares.push(share))
  for (const [i, j] of [
    [0, 0],
    [3_071, 17],
    [70, 64],
    [2_000, 1_999],
  ] as const) {
    let sum = 0
    for (let n = 0; n < count; n++) {
      sum += (pixels[n * IMAGE_BYTES + i] ?? 0) * (pixels[n * IMAGE_BYTES + j] ?? 0)
    }
    expect(products[i * IMAGE_BYTES + j]).toBe(sum)
  }
  expect(shares).toEqual([0, 128 / 130])
})
