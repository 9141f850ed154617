import { expect, test } from 'vitest'
import { orderedFeatures } from './feature-order.ts'

const row = (spread: number, purity: number | null) => ({ lowest: [], highest: [], spread, purity })
const grid = { images: 0, features: [row(1, 0.5), row(3, null), row(3, 0), row(0, 0.9)] }

test('features stand in their own order, or the largest metric first with equals by number', () => {
  expect(orderedFeatures(grid, 'number')).toEqual([0, 1, 2, 3])
  expect(orderedFeatures(grid, 'spread')).toEqual([1, 2, 0, 3])
})

test('a feature without a purity comes last', () => {
  expect(orderedFeatures(grid, 'purity')).toEqual([3, 0, 2, 1])
})
