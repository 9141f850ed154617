import { expect, test } from 'vitest'
import { createScore } from './score.ts'

// Three classes, five images. Logits of image 3 are large: exp would overflow without the subtraction.
const LOGITS = Float32Array.of(2, 0, 0, 0, 1, 0, 0, 3, 0, 1000, 0, 0, 0, 0, 0)
const LABELS = Uint8Array.of(0, 1, 2, 0, 2)

function score() {
  const growing = createScore(3)
  growing.add(LOGITS.subarray(0, 6), LABELS.subarray(0, 2))
  growing.add(LOGITS.subarray(6), LABELS.subarray(2))
  return growing.finish()
}

test('the confusion matrix counts [true class][predicted class], over several batches', () => {
  // Image 4’s three equal logits are class 0: the first largest.
  expect(Array.from(score().confusion)).toEqual([2, 0, 0, 0, 1, 0, 1, 1, 0])
})

test('the predicted class of each image is kept in their order', () => {
  expect(score().predicted).toEqual(Uint8Array.of(0, 1, 1, 0, 0))
})

test('the loss is the sum of −log softmax, and large logits do not overflow', () => {
  const wanted =
    Math.log(1 + 2 * Math.exp(-2)) +
    Math.log(1 + 2 * Math.exp(-1)) +
    (Math.log(2 + Math.exp(3)) - 0) +
    0 +
    Math.log(3)
  expect(score().lossSum).toBeCloseTo(wanted, 6)
})
