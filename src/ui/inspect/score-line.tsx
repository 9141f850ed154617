import { scoreText } from './score-text.ts'
import type { LabelledEvaluation } from './labelled-evaluations.tsx'
import styles from './score-line.module.css'

/** "A with identity · epoch 8 · 81.25 % of 1,000 · loss 0.5443 · Built-in (synthetic), test images" */
export function ScoreLine({ score }: { readonly score: LabelledEvaluation }) {
  const { label, colour } = score
  return (
    <p className={styles.line}>
      <b className={colour ? styles[colour] : undefined}>{label}</b> · {scoreText(score)}
    </p>
  )
}
