import { expect, test } from 'vitest'
import type { WhiteningConfig } from '../../base/image-config.ts'
import { createRandom } from '../../base/random.ts'
import { whiteningOf } from './whitening.ts'

const SIZE = 40

/** Mean and covariance of random images with correlated values. */
function momentsOf(count: number) {
  const random = createRandom(1, 'images')
  const mix = Array.from({ length: SIZE }, () => Array.from({ length: SIZE }, () => random.normal()))
  const images = Array.from({ length: count }, () => {
    const values = Array.from({ length: SIZE }, () => random.normal())
    return mix.map((row) => 0.5 + row.reduce((sum, weight, i) => sum + weight * (values[i] ?? 0), 0))
  })
  const average = (value: (image: readonly number[]) => number) =>
    images.reduce((sum, image) => sum + value(image), 0) / count
  const mean = Float64Array.from({ length: SIZE }, (_, i) => average((image) => image[i] ?? 0))
  const covariance = Float64Array.from({ length: SIZE ** 2 }, (_, at) => {
    const [i, j] = [Math.floor(at / SIZE), at % SIZE]
    return average((image) => ((image[i] ?? 0) - (mean[i] ?? 0)) * ((image[j] ?? 0) - (mean[j] ?? 0)))
  })
  return { images, moments: { count, mean, covariance } }
}

async function whitened(config: WhiteningConfig, count: number) {
  const { images, moments } = momentsOf(count)
  const { matrix, mean } = await whiteningOf(moments, config, async () => undefined)
  return images.map((image) =>
    Array.from({ length: SIZE }, (_, row) =>
      image.reduce((sum, value, i) => sum + (matrix[row * SIZE + i] ?? 0) * (value - (mean[i] ?? 0)), 0),
    ),
  )
}

/** The largest difference of the images' summed products from the identity. */
function distanceFromIdentity(images: readonly (readonly number[])[], divisor: number): number {
  let largest = 0
  for (let i = 0; i < SIZE; i++) {
    for (let j = 0; j < SIZE; j++) {
      const sum = images.reduce((total, image) => total + (image[i] ?? 0) * (image[j] ?? 0), 0)
      largest = Math.max(largest, Math.abs(sum / divisor - (i === j ? 1 : 0)))
    }
  }
  return largest
}

test('the textbook’s whitening leaves the training images with a covariance of 1, and a mean of 0', async () => {
  const images = await whitened({ kind: 'covariance', epsilon: 1e-8 }, 300)
  expect(distanceFromIdentity(images, 300)).toBeLessThan(1e-4)
  const mean = images.reduce((sum, image) => sum + (image[0] ?? 0), 0) / 300
  expect(Math.abs(mean)).toBeLessThan(1e-5)
})

test('the author’s leaves them with second moments that sum to 1', async () => {
  const images = await whitened({ kind: 'author' }, 300)
  expect(distanceFromIdentity(images, 1)).toBeLessThan(1e-4)
})

test('where images are fewer than values, ε bounds how far a direction without variance is scaled', async () => {
  const { moments } = momentsOf(10)
  const { matrix } = await whiteningOf(moments, { kind: 'covariance', epsilon: 0.01 }, async () => undefined)
  // Its eigenvalues are at most 1 / √ε, so their squares sum to at most SIZE / ε.
  const squares = matrix.reduce((sum, value) => sum + value ** 2, 0)
  expect(squares).toBeLessThan(SIZE / 0.01)
  expect(squares).toBeGreaterThan((SIZE - 10) / 0.01)
})

test('the matrix is symmetric, and the same bits each time', async () => {
  const make = () => whiteningOf(momentsOf(50).moments, { kind: 'author' }, async () => undefined)
  const { matrix } = await make()
  expect((await make()).matrix).toEqual(matrix)
  for (let i = 0; i < SIZE; i++) {
    for (let j = 0; j < i; j++) expect(matrix[i * SIZE + j]).toBe(matrix[j * SIZE + i])
  }
})

test('progress never falls and stays within 0 and 1', async () => {
  const shares: number[] = []
  await whiteningOf(momentsOf(50).moments, { kind: 'author' }, async (share) => void shares.push(share))
  expect(shares).toEqual(shares.toSorted((a, b) => a - b))
  expect(shares.at(-1)).toBeLessThanOrEqual(1)
})
