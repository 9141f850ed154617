import { expect, test } from 'vitest'
import {
  differenceOf,
  imagesOf,
  largestOf,
  levelOf,
  matrixOf,
  valueAt,
  worstPairs,
} from './confusion-values.ts'

const A = [
  [6, 3, 1],
  [2, 8, 0],
  [0, 0, 0],
]
const B = [
  [4, 1, 5],
  [2, 7, 1],
  [0, 0, 0],
]

test('a share is of the true class, so rows add up to 1', () => {
  expect(matrixOf(A, 'share').slice(0, 2)).toEqual([
    [0.6, 0.3, 0.1],
    [0.2, 0.8, 0],
  ])
})

test('a class without images has no shares', () => {
  expect(matrixOf(A, 'share')[2]).toEqual([Number.NaN, Number.NaN, Number.NaN])
})

test('the difference is B − A, above 0 where B has more', () => {
  expect(differenceOf(A, B)).toEqual([
    [-2, -2, 4],
    [0, -1, 1],
    [0, 0, 0],
  ])
})

test('the largest magnitude counts losses as well as gains, and passes over gaps', () => {
  expect(largestOf([[-4, 3, Number.NaN]])).toBe(4)
  expect(largestOf([])).toBe(0)
})

test('a quarter of the largest value is coloured half as strongly, with its sign', () => {
  expect(levelOf(-25, 100)).toBe(-0.5)
  expect(valueAt(-0.5, 100)).toBe(-25)
})

test('a gap and an empty matrix have no colour', () => {
  expect([levelOf(Number.NaN, 100), levelOf(0, 0)]).toEqual([0, 0])
})

test('the worst pairs are the commonest mistakes and never the diagonal', () => {
  expect(worstPairs(A, 2)).toEqual([
    { truth: 0, predicted: 1, count: 3, images: 10 },
    { truth: 1, predicted: 0, count: 2, images: 10 },
  ])
})

test('of equally many mistakes, those of the smaller class come first', () => {
  const pairs = worstPairs(
    [
      [90, 5],
      [5, 5],
    ],
    2,
  )
  expect(pairs.map(({ images }) => images)).toEqual([10, 95])
})

test('a perfect score has no worst pairs', () => {
  expect(
    worstPairs(
      [
        [5, 0],
        [0, 5],
      ],
      3,
    ),
  ).toEqual([])
})

test('the images of a class are the sum of its row', () => {
  expect(imagesOf(A, 1)).toBe(10)
})
