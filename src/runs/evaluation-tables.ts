// An evaluation as the two Markdown tables that iAvicenna/Residual-Network-Pytorch prints: the scores of each class, and
// the confusion matrix with every row divided by its images.
import type { Evaluation } from '../contract/evaluation.ts'
import { markdownTable } from './markdown-table.ts'

/** As a confusion matrix's cells are printed by the author. */
const DIGITS = 5
/** For a metric that is not defined: the author prints 0. */
const NONE = '–'

/** Precision, recall and F1 of each class, and its images. */
export function classScoresTable({ perClass }: Evaluation, classNames: readonly string[]): string {
  const rows = perClass.map(({ precision, recall, f1, support }, label) => [
    classNames[label] ?? `class ${label}`,
    ...[precision, recall, f1].map((metric) => metric?.toFixed(DIGITS) ?? NONE),
    String(support),
  ])
  return markdownTable(['Class', 'Precision', 'Recall', 'F1', 'Images'], rows)
}

/** A row a true class, a column a predicted one: the share of the class's images that are predicted so. */
export function confusionTable({ confusion }: Evaluation, classNames: readonly string[]): string {
  const names = confusion.map((_, label) => classNames[label] ?? `class ${label}`)
  const rows = confusion.map((row, label) => {
    const images = row.reduce((sum, count) => sum + count, 0)
    const shares = row.map((count) => (images === 0 ? NONE : (count / images).toFixed(DIGITS)))
    return [names[label] ?? '', ...shares]
  })
  return markdownTable(['True \\ predicted', ...names], rows)
}
