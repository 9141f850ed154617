import { expect, test } from 'vitest'
import type { Evaluation } from '../contract/evaluation.ts'
import { classificationReport } from '../training/classification-report.ts'
import { classScoresTable, confusionTable } from './evaluation-tables.ts'
import { markdownTable } from './markdown-table.ts'

const NAMES = ['cat', 'dog', 'none']
/** Two of three cats and one of two dogs are right; nothing is of the third class, nor taken for it. */
const EVALUATION: Evaluation = classificationReport(
  { confusion: Uint32Array.of(2, 1, 0, 1, 1, 0, 0, 0, 0), lossSum: 1 },
  NAMES.length,
)

test('class scores are one row a class, undefined metrics a dash', () => {
  expect(classScoresTable(EVALUATION, NAMES)).toBe(
    [
      '| Class | Precision | Recall | F1 | Images |',
      '| :-- | --: | --: | --: | --: |',
      '| cat | 0.66667 | 0.66667 | 0.66667 | 3 |',
      '| dog | 0.50000 | 0.50000 | 0.50000 | 2 |',
      '| none | – | – | – | 0 |',
      '',
    ].join('\n'),
  )
})

test('a row of the confusion matrix is a true class, and its shares are of that class’s images', () => {
  expect(confusionTable(EVALUATION, NAMES).split('\n').slice(2)).toEqual([
    '| cat | 0.66667 | 0.33333 | 0.00000 |',
    '| dog | 0.50000 | 0.50000 | 0.00000 |',
    '| none | – | – | – |',
    '',
  ])
})

test('a bar or a line break in a cell does not break the table', () => {
  expect(markdownTable(['a'], [['x | y\nz']])).toBe('| a |\n| :-- |\n| x \\| y z |\n')
})
