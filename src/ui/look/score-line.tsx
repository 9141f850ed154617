import { DATA_SETS } from '../../contract/data-set.ts'
import { loss, percentOf } from '../charts/figures.ts'
import type { LabelledEvaluation } from './look-types.ts'
import styles from './score-line.module.css'

/** "A with identity · epoch 8 · 81.25 % of 1,000 · loss 0.5443 · Built-in (synthetic), test images" */
export function ScoreLine({ score }: { readonly score: LabelledEvaluation }) {
  const { label, epoch, evaluation, set, colour } = score
  const parts = [
    ...(epoch === null ? [] : [`epoch ${epoch}`]),
    percentOf(evaluation.accuracy, evaluation.total),
    `loss ${loss(evaluation.loss)}`,
    `${DATA_SETS[set].title}, test images`,
  ]
  return (
    <p className={styles.line}>
      <b className={colour ? styles[colour] : undefined}>{label}</b> · {parts.join(' · ')}
    </p>
  )
}
