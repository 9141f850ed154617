// Figures of a classifier on a labelled set, from its logits.
import type { Evaluation, PerClass } from '../contract/evaluation.ts'

export type ClassificationReport = {
  /** @param logits labels.length × classes */
  add(logits: Float32Array, labels: Uint8Array): void
  finish(): Evaluation
}

export function createClassificationReport(classes: number): ClassificationReport {
  const confusion = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0))
  let lossSum = 0
  let total = 0

  return {
    add(logits, labels) {
      labels.forEach((label, i) => {
        const row = logits.subarray(i * classes, (i + 1) * classes)
        const counts = confusion[label]
        if (!counts) throw new RangeError(`label ${label} among ${classes} classes`)
        const predicted = argmax(row)
        counts[predicted] = (counts[predicted] ?? 0) + 1
        lossSum += crossEntropy(row, label)
      })
      total += labels.length
    },
    finish() {
      const correct = confusion.reduce((sum, row, i) => sum + (row[i] ?? 0), 0)
      return {
        total,
        correct,
        accuracy: total === 0 ? 0 : correct / total,
        loss: total === 0 ? 0 : lossSum / total,
        confusion,
        perClass: perClass(confusion),
      }
    },
  }
}

/** Index of the first largest value. */
function argmax(values: Float32Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) {
    if ((values[i] ?? 0) > (values[best] ?? 0)) best = i
  }
  return best
}

/** −log softmax(logits)[label], with the largest logit subtracted first. */
function crossEntropy(logits: Float32Array, label: number): number {
  const largest = Math.max(...logits)
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0)
  return Math.log(sum) + largest - (logits[label] ?? 0)
}

/** Precision, recall and F1 of each class from counts [true class][predicted class]. */
export function perClass(confusion: readonly (readonly number[])[]): PerClass[] {
  return confusion.map((row, i) => {
    const hits = row[i] ?? 0
    const support = row.reduce((sum, count) => sum + count, 0)
    const predicted = confusion.reduce((sum, other) => sum + (other[i] ?? 0), 0)
    return {
      precision: predicted === 0 ? null : hits / predicted,
      recall: support === 0 ? null : hits / support,
      // 2PR / (P + R) is 2·hits / (predicted + support).
      f1: predicted + support === 0 ? null : (2 * hits) / (predicted + support),
      support,
    }
  })
}
