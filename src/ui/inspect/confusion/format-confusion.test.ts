import { expect, test } from 'vitest'
import type { Evaluation } from '../../../contract/evaluation.ts'
import type { LabelledEvaluation } from '../labelled-evaluations.tsx'
import { cellText, differenceAt, formatPair, scoreAt } from './format-confusion.ts'

const NAMES = ['cat', 'dog']
const SPACE = '\u202f'

function scored(short: string, confusion: Evaluation['confusion']): LabelledEvaluation {
  const evaluation = { total: 200, correct: 0, accuracy: 0, loss: 0, confusion, perClass: [] }
  return { key: short, short, label: short, colour: null, set: 'cifar10', epoch: 1, evaluation }
}
const A = scored('A', [
  [69, 31],
  [10, 90],
])
const B = scored('B', [
  [60, 40],
  [10, 90],
])

test('a mistake is named by what was there and what it was classified as', () => {
  expect(formatPair({ truth: 0, predicted: 1 }, NAMES)).toBe('cat classified as dog')
  expect(formatPair({ truth: 1, predicted: 1 }, NAMES)).toBe('dog classified correctly')
})

test('a score carries its n and its share', () => {
  expect(scoreAt(A, { truth: 0, predicted: 1 })).toBe(`31 of 100 (31.00${SPACE}%)`)
})

test('a class without images has no share', () => {
  expect(
    scoreAt(
      scored('A', [
        [0, 0],
        [0, 0],
      ]),
      { truth: 0, predicted: 1 },
    ),
  ).toBe('0 of 0')
})

test('a difference names both scores and their difference in images and in points', () => {
  expect(differenceAt({ a: A, b: B }, { truth: 0, predicted: 1 })).toBe(
    `A 31 of 100 (31.00${SPACE}%), B 40 of 100 (40.00${SPACE}%): B − A = +9 (+9.00 points)`,
  )
})

test('the text of a cell is short: whole counts, shares in % to two digits, a gap as a dash', () => {
  expect([
    cellText(1000, 'count', false),
    cellText(0.8125, 'share', false),
    cellText(0.08125, 'share', false),
    cellText(0.0003, 'share', false),
    cellText(1, 'share', false),
    cellText(0, 'share', false),
    cellText(Number.NaN, 'share', false),
  ]).toEqual(['1000', '81', '8.1', '0', '100', '·', '–'])
})

test('the text of a difference has a sign', () => {
  expect([9, -9, 0].map((value) => cellText(value, 'count', true))).toEqual(['+9', '−9', '·'])
  expect(cellText(-0.125, 'share', true)).toBe('−13')
  expect(cellText(-0.0125, 'share', true)).toBe('−1.3')
})
