// Rows that differ in their seeds only, together, with what their metrics come to.
import type { RunConfig } from '../../../config/run-config.ts'
import { canonicalText } from '../../../runs/pair.ts'
import { type MeanAndSd, meanAndSd } from '../../../runs/statistics/statistics.ts'
import { NONE } from '../../charts/curve-values.ts'
import type { RunColumn } from './run-columns.ts'
import { type RunRow, type SortKey, sortRows } from './run-rows.ts'

export type SeedGroup = {
  readonly key: string
  readonly rows: readonly RunRow[]
}

/** In the order of their first rows. */
export function groupRows(rows: readonly RunRow[]): SeedGroup[] {
  const groups = new Map<string, RunRow[]>()
  for (const row of rows) {
    const key = withoutSeed(row.entry.config)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return [...groups].map(([key, members]) => ({ key, rows: members }))
}

/** Groups by their means, or by their first rows where the column has none; the rows of each by their own values. */
export function sortedGroups(rows: readonly RunRow[], column: RunColumn, descending: boolean): SeedGroup[] {
  const key: SortKey<SeedGroup> = (group) => {
    const [first] = group.rows
    return groupMetric(column, group)?.mean ?? (first ? column.sortKey(first) : null)
  }
  return sortRows(groupRows(sortRows(rows, column.sortKey, descending)), key, descending)
}

/** Mean and deviation over seeds, of the runs that have finished: others were trained for less. Null where there are none. */
function groupMetric({ metric }: RunColumn, { rows }: SeedGroup): MeanAndSd | null {
  if (!metric?.hasMean) return null
  const values = counted(rows).flatMap((row) => metric.value(row) ?? [])
  return values.length === 0 ? null : meanAndSd(values)
}

/** "81.20 ± 0.34", or the one value */
export function groupMetricText(column: RunColumn, group: SeedGroup): string {
  const found = groupMetric(column, group)
  if (!found || !column.metric) return column.metric?.hasMean ? NONE : ''
  const { write } = column.metric
  return write(found.mean) + (found.sd === null ? '' : ` ± ${write(found.sd)}`)
}

/** "n = 3 seeds", "n = 2 of 3 seeds finished" */
export function groupSize({ rows }: SeedGroup): string {
  const n = counted(rows).length
  const seeds = new Set(rows.map(seedOf)).size
  return n === seeds ? `n = ${n} ${n === 1 ? 'seed' : 'seeds'}` : `n = ${n} of ${seeds} seeds finished`
}

/** Of each seed the newest run that has finished: the same seed again is the same run again. */
function counted(rows: readonly RunRow[]): RunRow[] {
  const newestLast = rows
    .filter(({ entry }) => entry.state === 'finished')
    .toSorted((one, other) => one.entry.createdAt - other.entry.createdAt)
  return [...new Map(newestLast.map((row) => [seedOf(row), row])).values()]
}

const seedOf = ({ entry }: RunRow) => entry.config.seed

/** The preset's name is a label. */
function withoutSeed({ preset: _preset, seed: _seed, ...rest }: RunConfig): string {
  return canonicalText(rest)
}
