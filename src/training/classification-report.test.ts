import { expect, test } from 'vitest'
import { createClassificationReport, perClass } from './classification-report.ts'

// Three classes, five images. Logits of image 3 are large: exp would overflow without the subtraction.
const LOGITS = Float32Array.of(2, 0, 0, 0, 1, 0, 0, 3, 0, 1000, 0, 0, 0, 0, 0)
const LABELS = Uint8Array.of(0, 1, 2, 0, 2)

function report() {
  const growing = createClassificationReport(3)
  growing.add(LOGITS.subarray(0, 6), LABELS.subarray(0, 2))
  growing.add(LOGITS.subarray(6), LABELS.subarray(2))
  return growing.finish()
}

test('the confusion matrix counts [true class][predicted class], over several batches', () => {
  // Image 4’s three equal logits are class 0: the first largest.
  expect(report().confusion).toEqual([
    [2, 0, 0],
    [0, 1, 0],
    [1, 1, 0],
  ])
})

test('accuracy is the share of the diagonal', () => {
  expect(report()).toMatchObject({ total: 5, correct: 3, accuracy: 0.6 })
})

test('the loss is the mean of −log softmax, and large logits do not overflow', () => {
  const wanted =
    (Math.log(1 + 2 * Math.exp(-2)) +
      Math.log(1 + 2 * Math.exp(-1)) +
      (Math.log(2 + Math.exp(3)) - 0) +
      0 +
      Math.log(3)) /
    5
  expect(report().loss).toBeCloseTo(wanted, 6)
})

test('precision, recall and F1 of each class', () => {
  const [first, second, third] = report().perClass
  expect(first).toEqual({ precision: 2 / 3, recall: 1, f1: 0.8, support: 2 })
  expect(second).toEqual({ precision: 0.5, recall: 1, f1: 2 / 3, support: 1 })
  expect(third).toEqual({ precision: null, recall: 0, f1: 0, support: 2 })
})

test('a class that neither occurs nor is predicted has no figures', () => {
  expect(
    perClass([
      [4, 0],
      [0, 0],
    ])[1],
  ).toEqual({ precision: null, recall: null, f1: null, support: 0 })
})

test('a label outside the classes is an error, not a silent zero', () => {
  expect(() => createClassificationReport(2).add(Float32Array.of(0, 1), Uint8Array.of(2))).toThrow(RangeError)
})
