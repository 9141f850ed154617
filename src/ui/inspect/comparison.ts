import type { LabelledEvaluation } from './labelled-evaluations.tsx'

/** Runs A and B, scored on the same data set: what a difference B − A is taken of. */
export type EvaluationPair = { readonly a: LabelledEvaluation; readonly b: LabelledEvaluation }

/** Null where one of them is missing, or where they were scored on different classes. */
export function comparisonOf(evaluations: readonly LabelledEvaluation[]): EvaluationPair | null {
  const a = evaluations.find(({ colour }) => colour === 'a')
  const b = evaluations.find(({ colour }) => colour === 'b')
  return a && b && a.set === b.set ? { a, b } : null
}
