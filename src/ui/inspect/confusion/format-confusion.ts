// One cell of a confusion matrix in words, and in the few digits that fit into it.
import { count, NONE, percent, signedCount, signedPoints } from '../../charts/curve-values.ts'
import type { LabelledEvaluation } from '../labelled-evaluations.tsx'
import type { EvaluationPair } from '../comparison.ts'
import { cellOf, imagesOf, type ConfusionUnit } from './confusion-values.ts'

export type CellPosition = { readonly truth: number; readonly predicted: number }

/** "cat classified as dog", "cat classified correctly" */
export function formatPair({ truth, predicted }: CellPosition, names: readonly string[]): string {
  const is = names[truth] ?? `class ${truth}`
  return truth === predicted
    ? `${is} classified correctly`
    : `${is} classified as ${names[predicted] ?? `class ${predicted}`}`
}

/** "31 of 100 (31.00 %)" */
export function scoreAt({ evaluation }: LabelledEvaluation, { truth, predicted }: CellPosition): string {
  const images = imagesOf(evaluation.confusion, truth)
  const found = cellOf(evaluation.confusion, truth, predicted)
  return `${count(found)} of ${count(images)}${images === 0 ? '' : ` (${percent(found / images)})`}`
}

/** "A 31 of 100 (31.00 %), B 40 of 100 (40.00 %): B − A = +9 (+9.00 points)" */
export function differenceAt({ a, b }: EvaluationPair, place: CellPosition): string {
  const [inA, inB] = [a, b].map(({ evaluation }) => {
    const found = cellOf(evaluation.confusion, place.truth, place.predicted)
    return { found, share: found / imagesOf(evaluation.confusion, place.truth) }
  })
  if (!inA || !inB) return NONE
  const points = inB.share - inA.share
  const inPoints = Number.isFinite(points) ? ` (${signedPoints(points)} points)` : ''
  const change = `${b.short} − ${a.short} = ${signedCount(inB.found - inA.found)}${inPoints}`
  return `${a.short} ${scoreAt(a, place)}, ${b.short} ${scoreAt(b, place)}: ${change}`
}

/** What stands in a cell: nothing is a dot, so that the mistakes stand out; what rounds to nothing is "0". */
export function cellText(value: number, unit: ConfusionUnit, signed: boolean): string {
  return value === 0 ? '·' : valueText(value, unit, signed)
}

/** A count, or a share in % to two digits; two decimals do not fit into a cell, the reading beside has them. */
export function valueText(value: number, unit: ConfusionUnit, signed: boolean): string {
  if (!Number.isFinite(value)) return NONE
  const magnitude = Math.abs(value)
  const digits = unit === 'count' ? String(magnitude) : twoDigits(magnitude * 100)
  if (!signed || Number(digits) === 0) return digits
  return (value < 0 ? '−' : '+') + digits
}

/** 81.25 → "81", 8.125 → "8.1", 0.03 → "0" */
const twoDigits = (value: number) => (value < 9.95 ? String(Number(value.toFixed(1))) : value.toFixed(0))
