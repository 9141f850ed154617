import type { Evaluation } from '../../contract/evaluation.ts'
import { scoreText } from './score-text.ts'
import type { LabelledEvaluation } from './labelled-evaluations.tsx'

/** A table for each score, under a line that says whose it is and of what. */
export function scoresMarkdown(
  scores: readonly LabelledEvaluation[],
  table: (evaluation: Evaluation) => string,
): string {
  return scores
    .map((score) => `**${score.label}** · ${scoreText(score)}\n\n${table(score.evaluation)}`)
    .join('\n')
}
