import { memo, useMemo, useState } from 'react'
import { count, hundredths, NONE, signedPoints } from '../../charts/curve-values.ts'
import { ActionButton } from '../../foundation/controls/action-button.tsx'
import type { LabelledEvaluation } from '../labelled-evaluations.tsx'
import { metricColumns, sortedLabels, type MetricColumn, type Metric, type Sort } from './class-rows.ts'
import styles from './class-table.module.css'

const METRIC_TEXT: Readonly<Record<Metric, string>> = { precision: 'Precision', recall: 'Recall', f1: 'F1' }

/** A hundred rows at once are a task of more than 50 ms on a slow machine. */
const FIRST_ROWS = 20
const MORE_ROWS = 40

/** Metrics per class; any column sorts. */
export const ClassTable = memo(function ClassTable(props: {
  /** Of one data set; at least one. */
  readonly scores: readonly LabelledEvaluation[]
  readonly classNames: readonly string[]
  readonly metrics: readonly Metric[]
}) {
  const { scores, classNames, metrics } = props
  const [sort, setSort] = useState<Sort>({ column: 'label', descending: false })
  const columns = useMemo(() => metricColumns(scores, metrics), [scores, metrics])
  const support = (label: number) => scores[0]?.evaluation.perClass[label]?.support ?? 0

  const keys = new Map<string, (label: number) => number | string | null>([
    ['name', (label) => classNames[label] ?? null],
    ['support', support],
    ...columns.map(({ id, valueOf }) => [id, valueOf] as const),
  ])
  const key = keys.get(sort.column) ?? ((label: number) => label)
  const [shown, setShown] = useState(FIRST_ROWS)
  const labels = sortedLabels([...classNames.keys()], key, sort.descending)
  const sorting = { sort, onSort: setSort }

  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label="Metrics per class">
        <thead>
          <tr>
            <SortHeader id="name" name="Class" rows={2} {...sorting} />
            {metrics.map((metric) => (
              <th
                key={metric}
                colSpan={columns.length / metrics.length}
                scope="colgroup"
                className={styles.metric}
              >
                {METRIC_TEXT[metric]}, %
              </th>
            ))}
            <SortHeader id="support" name="Images" rows={2} {...sorting} />
          </tr>
          <tr>
            {columns.map(({ id, heading, metric }) => (
              <SortHeader key={id} id={id} name={heading} metric={METRIC_TEXT[metric]} {...sorting} />
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.slice(0, shown).map((label) => (
            <ClassRow
              key={label}
              {...{ label, columns }}
              name={classNames[label] ?? ''}
              images={support(label)}
            />
          ))}
        </tbody>
      </table>
      {shown < labels.length && (
        <ActionButton onPress={() => setShown(shown + MORE_ROWS)}>
          Show more of {count(labels.length)} classes
        </ActionButton>
      )}
    </div>
  )
})

const ClassRow = memo(function ClassRow(props: {
  readonly label: number
  readonly name: string
  readonly columns: readonly MetricColumn[]
  readonly images: number
}) {
  const { label, name, columns, images } = props
  return (
    <tr>
      <th scope="row">{name}</th>
      {columns.map((column) => (
        <td key={column.id} className={column.signed ? styles.difference : undefined}>
          {metricText(column, label)}
        </td>
      ))}
      <td>{count(images)}</td>
    </tr>
  )
})

function metricText({ valueOf, signed }: MetricColumn, label: number): string {
  const value = valueOf(label)
  if (value === null) return NONE
  return signed ? signedPoints(value) : hundredths(value)
}

/** A column's name, which sorts by it: metrics from the highest at first, names from A. */
function SortHeader(props: {
  readonly id: string
  readonly name: string
  /** What the metrics are, where the name alone does not say. */
  readonly metric?: string
  readonly rows?: number
  readonly sort: Sort
  readonly onSort: (sort: Sort) => void
}) {
  const { id, name, metric, rows, sort, onSort } = props
  const active = sort.column === id
  const descending = active ? !sort.descending : id !== 'name'
  const arrow = sort.descending ? '↓' : '↑'
  return (
    <th
      scope="col"
      rowSpan={rows}
      aria-sort={active ? (sort.descending ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        aria-label={metric && `${name}, ${metric}`}
        onClick={() => onSort({ column: id, descending })}
      >
        {active && <span aria-hidden="true">{arrow}</span>}
        {name}
      </button>
    </th>
  )
}
