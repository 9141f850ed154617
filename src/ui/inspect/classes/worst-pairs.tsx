import { useMemo } from 'react'
import { count, percent } from '../../charts/curve-values.ts'
import { worstPairs } from '../confusion/confusion-values.ts'
import { formatPair } from '../confusion/format-confusion.ts'
import type { LabelledEvaluation } from '../labelled-evaluations.tsx'
import styles from './worst-pairs.module.css'

const PAIRS = 5

/** "cat classified as dog: 31 of 100 (31.00 %)", for each score the commonest of its mistakes. */
export function WorstPairs(props: {
  readonly scores: readonly LabelledEvaluation[]
  readonly classNames: readonly string[]
}) {
  const { scores, classNames } = props
  return (
    <section className={styles.pairs} aria-label="Most frequent confusions">
      {scores.map((score) => (
        <ScorePairs key={score.key} score={score} classNames={classNames} />
      ))}
    </section>
  )
}

function ScorePairs({ score, classNames }: { score: LabelledEvaluation; classNames: readonly string[] }) {
  const { confusion } = score.evaluation
  const pairs = useMemo(() => worstPairs(confusion, PAIRS), [confusion])
  return (
    <div>
      <h3>Most frequent confusions: {score.label}</h3>
      {pairs.length === 0 && <p>No errors on {count(score.evaluation.total)} images.</p>}
      <ol>
        {pairs.map((pair) => (
          <li key={`${pair.truth} ${pair.predicted}`}>
            {formatPair(pair, classNames)}: {count(pair.count)} of {count(pair.images)} (
            {percent(pair.count / pair.images)})
          </li>
        ))}
      </ol>
    </div>
  )
}
