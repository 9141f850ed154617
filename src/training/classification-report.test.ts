import { expect, test } from 'vitest'
import { classificationReport, perClass } from './classification-report.ts'

// Three classes, five images.
const report = () =>
  classificationReport({ confusion: Uint32Array.of(2, 0, 0, 0, 1, 0, 1, 1, 0), lossSum: 2.5 }, 3)

test('the confusion matrix is [true class][predicted class]', () => {
  expect(report().confusion).toEqual([
    [2, 0, 0],
    [0, 1, 0],
    [1, 1, 0],
  ])
})

test('accuracy is the share of the diagonal, and the loss a mean', () => {
  expect(report()).toMatchObject({ total: 5, correct: 3, accuracy: 0.6, loss: 0.5 })
})

test('precision, recall and F1 of each class', () => {
  const [first, second, third] = report().perClass
  expect(first).toEqual({ precision: 2 / 3, recall: 1, f1: 0.8, support: 2 })
  expect(second).toEqual({ precision: 0.5, recall: 1, f1: 2 / 3, support: 1 })
  expect(third).toEqual({ precision: null, recall: 0, f1: 0, support: 2 })
})

test('a class that neither occurs nor is predicted has no metrics', () => {
  expect(
    perClass([
      [4, 0],
      [0, 0],
    ])[1],
  ).toEqual({ precision: null, recall: null, f1: null, support: 0 })
})
