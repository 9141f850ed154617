// The Classes tab: precision, recall, F1 and support of each class, for every score, sortable; the worst pairs in words.
import { useMemo, useState } from 'react'
import type { DataSetId } from '../../../base/data-set.ts'
import type { StoredDataSet } from '../../../contract/events.ts'
import { classScoresTable } from '../../../runs/evaluation-tables.ts'
import { Segmented } from '../../charts/segmented.tsx'
import { CopyButton } from '../../foundation/controls/copy-button.tsx'
import { classNamesOf } from '../class-names.ts'
import type { LabelledEvaluation } from '../labelled-evaluations.tsx'
import { ScoreLine } from '../score-line.tsx'
import { scoresMarkdown } from '../scores-markdown.ts'
import { METRICS, type Metric } from './class-rows.ts'
import { ClassTable } from './class-table.tsx'
import { WorstPairs } from './worst-pairs.tsx'
import styles from './classes-panel.module.css'

const CHOICES = [
  { id: 'all', text: 'All' },
  { id: 'precision', text: 'Precision' },
  { id: 'recall', text: 'Recall' },
  { id: 'f1', text: 'F1' },
] as const

export type ClassesPanelProps = {
  /** At least one. */
  readonly evaluations: readonly LabelledEvaluation[]
  readonly dataSets: readonly StoredDataSet[]
}

export function ClassesPanel({ evaluations, dataSets }: ClassesPanelProps) {
  const [shown, setShown] = useState<Metric | 'all'>('all')
  const sets = useMemo(() => [...new Set(evaluations.map(({ set }) => set))], [evaluations])
  return (
    <div className={styles.panel}>
      <Segmented label="Metrics shown" options={CHOICES} value={shown} onChange={setShown} />
      {sets.map((set) => (
        <SetMetrics
          key={set}
          {...{ set, evaluations, dataSets }}
          metrics={shown === 'all' ? METRICS : ONLY[shown]}
        />
      ))}
    </div>
  )
}

/** Lists that keep their identity. */
const ONLY: Readonly<Record<Metric, readonly Metric[]>> = {
  precision: ['precision'],
  recall: ['recall'],
  f1: ['f1'],
}

/** Only scores of the same data set share a table: their classes are the same. */
function SetMetrics(
  props: ClassesPanelProps & { readonly set: DataSetId; readonly metrics: readonly Metric[] },
) {
  const { set, evaluations, dataSets, metrics } = props
  const scores = useMemo(() => evaluations.filter((score) => score.set === set), [evaluations, set])
  const classNames = useMemo(() => classNamesOf(set, dataSets), [set, dataSets])
  return (
    <>
      {scores.map((score) => (
        <ScoreLine key={score.key} score={score} />
      ))}
      <ClassTable {...{ scores, classNames, metrics }} />
      <div className={styles.bar}>
        <CopyButton
          text={() => scoresMarkdown(scores, (evaluation) => classScoresTable(evaluation, classNames))}
          done="Copied."
        >
          Copy as Markdown
        </CopyButton>
      </div>
      <WorstPairs {...{ scores, classNames }} />
    </>
  )
}
