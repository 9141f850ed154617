// The Confusion tab: which matrix, in which unit, and what the cell under the pointer says.
import { useMemo, useState } from 'react'
import { Segmented } from '../../charts/segmented.tsx'
import { CopyButton } from '../../foundation/controls/copy-button.tsx'
import { confusionTable } from '../../../runs/evaluation-tables.ts'
import type { StoredDataSet } from '../../../contract/events.ts'
import { SaveDrawing } from '../../drawings/save-drawing.tsx'
import { classNamesOf } from '../class-names.ts'
import { comparisonOf } from '../comparison.ts'
import type { LabelledEvaluation } from '../labelled-evaluations.tsx'
import { ScoreLine } from '../score-line.tsx'
import { scoreText } from '../score-text.ts'
import { scoresMarkdown } from '../scores-markdown.ts'
import { TEXT_STRENGTH, tint } from './colours.ts'
import { ConfusionMap } from './confusion-map.tsx'
import { ConfusionTable } from './confusion-table.tsx'
import type { ConfusionUnit } from './confusion-values.ts'
import { isEvaluationPair, viewOf, type Subject, type ConfusionView } from './confusion-view.ts'
import { differenceAt, formatPair, scoreAt, type CellPosition } from './format-confusion.ts'
import { MatrixDrawing } from './matrix-drawing.tsx'
import styles from './confusion-panel.module.css'
import { THEME_INK } from '../../drawings/drawing-ink.ts'
import { scaleLevels, scaleUnit } from './scale-levels.ts'

/** More classes than this have no room for values in their cells. */
const MOST_WITH_FIGURES = 20
const DIFFERENCE = 'difference'

const UNITS = [
  { id: 'count', text: 'Counts' },
  { id: 'share', text: 'Row %' },
] as const

export type ConfusionPanelProps = {
  /** At least one. */
  readonly evaluations: readonly LabelledEvaluation[]
  readonly dataSets: readonly StoredDataSet[]
}

export function ConfusionPanel({ evaluations, dataSets }: ConfusionPanelProps) {
  const [chosen, setChosen] = useState('')
  const [unit, setUnit] = useState<ConfusionUnit>('count')
  const [place, setPlace] = useState<CellPosition | null>(null)

  const subjects = useMemo(() => subjectsOf(evaluations), [evaluations])
  const { id, subject, scores } = subjects.find((one) => one.id === chosen) ?? subjects[0] ?? {}
  const view = useMemo(() => subject && viewOf(subject, unit), [subject, unit])
  const set = scores?.[0]?.set
  const classNames = useMemo(() => (set ? classNamesOf(set, dataSets) : []), [set, dataSets])
  if (!id || !subject || !scores || !view) return null

  const hasValues = classNames.length <= MOST_WITH_FIGURES
  const title = `Confusion matrix, ${scores.map(({ label }) => label).join(' against ')}`
  const Grid = hasValues ? ConfusionTable : ConfusionMap
  return (
    <div className={styles.panel}>
      <div className={styles.bar}>
        <Segmented label="Matrix" options={subjects} value={id} onChange={setChosen} />
        <Segmented label="Unit" options={UNITS} value={unit} onChange={setUnit} />
      </div>
      {scores.map((score) => (
        <ScoreLine key={score.key} score={score} />
      ))}
      <Grid view={view} classNames={classNames} label={title} onPoint={setPlace} />
      <output className={styles.reading}>
        {place ? readingOf(subject, place, classNames) : 'Hover or use the arrow keys for details.'}
      </output>
      <ColourScale view={view} strength={hasValues ? TEXT_STRENGTH : 1} />
      <div className={styles.bar}>
        <CopyButton
          text={() => scoresMarkdown(scores, (evaluation) => confusionTable(evaluation, classNames))}
          done={`Copied as row percentages${scores.length > 1 ? ', one table per run' : ''}.`}
        >
          Copy as Markdown
        </CopyButton>
        <SaveDrawing
          what="confusion matrix"
          fileName={`residual-lab-confusion-${id}`}
          drawing={MatrixDrawing}
          content={{
            view,
            classNames,
            title,
            values: hasValues,
            lines: scores.map((score) => `${score.label} · ${scoreText(score)}`),
          }}
        />
      </div>
    </div>
  )
}

type Choice = {
  readonly id: string
  readonly text: string
  readonly subject: Subject
  readonly scores: readonly LabelledEvaluation[]
}

/** Each score, and B − A where there are both; the difference stands after the two. */
function subjectsOf(evaluations: readonly LabelledEvaluation[]): readonly Choice[] {
  const choices = evaluations.map((score): Choice => ({
    id: score.key,
    text: score.short,
    subject: score,
    scores: [score],
  }))
  const comparison = comparisonOf(evaluations)
  if (!comparison) return choices
  const { a, b } = comparison
  const difference = { id: DIFFERENCE, text: `${b.short} − ${a.short}`, subject: comparison, scores: [a, b] }
  return choices.toSpliced(2, 0, difference)
}

function readingOf(subject: Subject, place: CellPosition, classNames: readonly string[]): string {
  const values = isEvaluationPair(subject) ? differenceAt(subject, place) : scoreAt(subject, place)
  return `${formatPair(place, classNames)}: ${values}`
}

/** What the colours mean, in values. */
function ColourScale({ view, strength }: { readonly view: ConfusionView; readonly strength: number }) {
  return (
    <p className={styles.scale}>
      {view.signed && 'more in A'}
      {scaleLevels(view).map(({ level, text }) => (
        <span key={level}>
          <i style={{ backgroundColor: tint(level, view, strength, THEME_INK) }} />
          {text}
        </span>
      ))}
      {view.signed && 'more in B, '}
      {scaleUnit(view)}
    </p>
  )
}
