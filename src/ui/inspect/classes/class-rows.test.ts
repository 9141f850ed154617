import { expect, test } from 'vitest'
import type { PerClass } from '../../../contract/evaluation.ts'
import type { LabelledEvaluation } from '../labelled-evaluations.tsx'
import { metricColumns, sortedLabels } from './class-rows.ts'

function scored(
  short: string,
  colour: 'a' | 'b' | null,
  recalls: readonly (number | null)[],
): LabelledEvaluation {
  const perClass = recalls.map((recall): PerClass => ({ precision: 0.5, recall, f1: null, support: 10 }))
  const evaluation = { total: 0, correct: 0, accuracy: 0, loss: 0, confusion: [], perClass }
  return { key: short, short, label: short, colour, set: 'cifar10', epoch: 1, evaluation }
}
const A = scored('A', 'a', [0.75, 0.5, null])
const B = scored('B', 'b', [0.5, 0.75, 0.25])
const FILE = scored('file', null, [1, 1, 1])

test('each metric has a column for A, one for B, and one for B − A beside them', () => {
  const columns = metricColumns([A, B, FILE], ['precision', 'recall'])
  expect(columns.map(({ id }) => id)).toEqual([
    'precision A',
    'precision B',
    'precision difference',
    'precision file',
    'recall A',
    'recall B',
    'recall difference',
    'recall file',
  ])
})

test('the difference is B − A, and not defined where either is not', () => {
  const difference = metricColumns([A, B], ['recall'])[2]
  expect([0, 1, 2].map((label) => difference?.valueOf(label))).toEqual([-0.25, 0.25, null])
})

test('one run alone has no difference', () => {
  expect(metricColumns([A], ['recall'])).toHaveLength(1)
})

test('scores of different data sets are not compared', () => {
  const other: LabelledEvaluation = { ...B, set: 'cifar100' }
  expect(metricColumns([A, other], ['recall']).some(({ signed }) => signed)).toBe(false)
})

test('what is not defined comes last in both directions', () => {
  const metrics = [0.5, null, 0.75]
  const valueOf = (label: number) => metrics[label] ?? null
  expect(sortedLabels([0, 1, 2], valueOf, false)).toEqual([0, 2, 1])
  expect(sortedLabels([0, 1, 2], valueOf, true)).toEqual([2, 0, 1])
})

test('names are sorted as words, and equals stay in the order of their labels', () => {
  const names = ['dog', 'cat', 'dog']
  expect(sortedLabels([0, 1, 2], (label) => names[label] ?? null, false)).toEqual([1, 0, 2])
  expect(sortedLabels([0, 1, 2], (label) => names[label] ?? null, true)).toEqual([0, 2, 1])
})
