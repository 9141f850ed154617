// Metrics of a classifier on a labelled set, from the counts of its answers.
import type { Evaluation, PerClass } from '../contract/evaluation.ts'
import type { Score } from '../engine/engine.ts'

export function classificationReport(
  { confusion: counts, lossSum }: Pick<Score, 'confusion' | 'lossSum'>,
  classes: number,
): Evaluation {
  const confusion = Array.from({ length: classes }, (_, label) =>
    Array.from(counts.subarray(label * classes, (label + 1) * classes)),
  )
  const total = counts.reduce((sum, count) => sum + count, 0)
  const correct = confusion.reduce((sum, row, i) => sum + (row[i] ?? 0), 0)
  return {
    total,
    correct,
    accuracy: total === 0 ? 0 : correct / total,
    loss: total === 0 ? 0 : lossSum / total,
    confusion,
    perClass: perClass(confusion),
  }
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
