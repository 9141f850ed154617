import { expect, test } from 'vitest'
import { shadesOf } from './confusion-shades.ts'
import type { ConfusionView } from './confusion-view.ts'

const viewOf = (matrix: number[][], largest: number): ConfusionView => ({
  matrix,
  largest,
  unit: 'count',
  above: 'b',
  below: 'a',
  signed: true,
})

test('a cell is a unit square at its predicted class across and its true class down', () => {
  expect(
    shadesOf(
      viewOf(
        [
          [0, 4],
          [-1, 0],
        ],
        4,
      ),
    ),
  ).toEqual([
    { level: 1, path: 'M1,0h1v1h-1z' },
    { level: -0.5, path: 'M0,1h1v1h-1z' },
  ])
})

test('the smallest value that is not 0 has a shade', () => {
  expect(shadesOf(viewOf([[1]], 1_000_000))).toEqual([{ level: 1 / 16, path: 'M0,0h1v1h-1z' }])
})

test('10,000 cells need no more than 32 paths', () => {
  const matrix = [...Array(100).keys()].map((truth) =>
    [...Array(100).keys()].map((predicted) => (truth * 100 + predicted) * (predicted % 2 ? 1 : -1)),
  )
  const shades = shadesOf(viewOf(matrix, 10_000))
  expect(shades.length).toBeGreaterThan(16)
  expect(shades.length).toBeLessThanOrEqual(32)
})
