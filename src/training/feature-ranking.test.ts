import { describe, expect, test } from 'vitest'
import type { RankedImage } from '../contract/feature-grid.ts'
import { createRandom } from '../base/random.ts'
import { createFeatureRanking } from './feature-ranking.ts'

/** The grid of one feature, from activations that come in batches; an image's label is its place modulo 3. */
function rankOne(...batches: readonly (readonly number[])[]) {
  const ranking = createFeatureRanking(1)
  let image = 0
  for (const batch of batches) {
    ranking.add(
      Float32Array.from(batch),
      Uint8Array.from(batch, () => image++ % 3),
    )
  }
  const [row] = ranking.finish().features
  if (!row) throw new Error('there is no row')
  return row
}
const places = (images: readonly RankedImage[]) => images.map(({ image }) => image)

test('the ten lowest and the ten highest ascend, whatever batches they came in', () => {
  const random = createRandom(3, 'activations')
  const activations = Array.from({ length: 97 }, () => Math.fround(random.normal()))
  const sorted = [...activations.keys()].toSorted((a, b) => (activations[a] ?? 0) - (activations[b] ?? 0))
  for (const size of [1, 10, 40, 97]) {
    const batches = Array.from({ length: Math.ceil(97 / size) }, (_, i) =>
      activations.slice(i * size, (i + 1) * size),
    )
    const { lowest, highest } = rankOne(...batches)
    expect(places(lowest)).toEqual(sorted.slice(0, 10))
    expect(places(highest)).toEqual(sorted.slice(-10))
    expect(highest.map(({ activation }) => activation)).toEqual(
      sorted.slice(-10).map((place) => activations[place]),
    )
  }
})

test('an image keeps its label', () => {
  expect(rankOne([5, 1, 3]).lowest).toEqual([
    { image: 1, label: 1, activation: 1 },
    { image: 2, label: 2, activation: 3 },
    { image: 0, label: 0, activation: 5 },
  ])
})

test('of equal activations the earliest images are taken, on both sides, in their order', () => {
  const dead = rankOne(Array.from({ length: 15 }, () => 0))
  const first = Array.from({ length: 10 }, (_, place) => place)
  expect(places(dead.lowest)).toEqual(first)
  expect(places(dead.highest)).toEqual(first)
  expect(dead.spread).toBe(0)
})

test('activations that are no number rank nowhere', () => {
  const { lowest, highest, spread } = rankOne([Number.NaN, 2, Infinity, 4, -Infinity])
  expect(places(lowest)).toEqual([1, 3])
  expect(places(highest)).toEqual([1, 3])
  expect(spread).toBe(1)
})

test('a feature of nothing but NaN has an empty row', () => {
  expect(rankOne([Number.NaN])).toEqual({ lowest: [], highest: [], spread: 0, purity: null })
})

test('each feature has a row of its own', () => {
  const ranking = createFeatureRanking(2)
  ranking.add(Float32Array.of(1, 20, 2, 10), Uint8Array.of(0, 1))
  const { images, features } = ranking.finish()
  expect(images).toBe(2)
  expect(features.map(({ highest }) => places(highest))).toEqual([
    [0, 1],
    [1, 0],
  ])
})

describe('purity', () => {
  test('is the share of the most frequent class among the highest', () => {
    // The ten highest are the places 10 to 19, of which 12, 15 and 18 have label 0, and four have label 1.
    expect(rankOne(Array.from({ length: 20 }, (_, i) => i)).purity).toBe(0.4)
  })
})

test('spread is the standard deviation over all images', () => {
  expect(rankOne([2, 4, 4, 4], [5, 5, 7, 9]).spread).toBeCloseTo(2, 12)
})
