import { coarseAccuracy } from '../../base/coarse-classes.ts'
import { DATA_SETS } from '../../base/data-set.ts'
import { loss, percent, percentOf } from '../charts/curve-values.ts'
import type { LabelledEvaluation } from './labelled-evaluations.tsx'

/** "epoch 8 · 81.25 % of 1,000 · loss 0.5443 · Built-in (synthetic), test images" */
export function scoreText({ epoch, evaluation, set }: LabelledEvaluation): string {
  const coarse = coarseAccuracy(set, evaluation.confusion)
  return [
    ...(epoch === null ? [] : [`epoch ${epoch}`]),
    percentOf(evaluation.accuracy, evaluation.total),
    ...(coarse === null ? [] : [`${percent(coarse)} on coarse classes`]),
    `loss ${loss(evaluation.loss)}`,
    `${DATA_SETS[set].title}, test images`,
  ].join(' · ')
}
