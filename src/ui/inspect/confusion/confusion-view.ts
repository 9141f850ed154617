// What a confusion matrix component is given to draw, whichever way it draws it.
import type { RunColour } from '../../charts/chart-types.ts'
import type { EvaluationPair } from '../comparison.ts'
import type { LabelledEvaluation } from '../labelled-evaluations.tsx'
import type { CellPosition } from './format-confusion.ts'
import { differenceOf, largestOf, matrixOf, type ConfusionUnit, type Matrix } from './confusion-values.ts'

/** One score, or the difference of two. */
export type Subject = LabelledEvaluation | EvaluationPair

export const isEvaluationPair = (subject: Subject): subject is EvaluationPair => 'a' in subject

export type ConfusionView = {
  readonly matrix: Matrix
  readonly unit: ConfusionUnit
  /** The magnitude that has the full colour. */
  readonly largest: number
  /** The colour of values above 0 and, in a difference, of those below; null: the ink's. */
  readonly above: RunColour | null
  readonly below: RunColour | null
  readonly signed: boolean
}

export function viewOf(subject: Subject, unit: ConfusionUnit): ConfusionView {
  if (!isEvaluationPair(subject)) {
    const matrix = matrixOf(subject.evaluation.confusion, unit)
    return { matrix, unit, largest: largestOf(matrix), above: subject.colour, below: null, signed: false }
  }
  const [a, b] = [subject.a, subject.b].map(({ evaluation }) => matrixOf(evaluation.confusion, unit))
  const matrix = differenceOf(a ?? [], b ?? [])
  return { matrix, unit, largest: largestOf(matrix), above: 'b', below: 'a', signed: true }
}

export type ConfusionGridProps = {
  readonly view: ConfusionView
  readonly classNames: readonly string[]
  /** What the matrix is of: its accessible name. */
  readonly label: string
  /** A cell under the pointer or in focus; null when the pointer leaves. Keep its identity. */
  readonly onPoint: (place: CellPosition | null) => void
}
