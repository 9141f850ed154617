// What the table shows, line by line: the baseline on top, then the runs, each group of seeds under its metrics.
import type { RunColumn } from './run-columns.ts'
import { type RunRow, sortRows } from './run-rows.ts'
import { type SeedGroup, sortedGroups } from './seed-groups.ts'

export type RunLine =
  | { readonly kind: 'run'; readonly row: RunRow; readonly place: 'baseline' | 'group' | 'alone' }
  | { readonly kind: 'group'; readonly group: SeedGroup }

export function runLines(
  rows: readonly RunRow[],
  order: {
    readonly column: RunColumn
    readonly descending: boolean
    readonly grouped: boolean
    readonly baseline: RunRow | null
  },
): RunLine[] {
  const { column, descending, grouped, baseline } = order
  const pinned: RunLine[] = baseline ? [{ kind: 'run', row: baseline, place: 'baseline' }] : []
  const isOther = ({ entry }: RunRow) => entry.run !== baseline?.entry.run
  if (!grouped) {
    return [...pinned, ...sortRows(rows.filter(isOther), column.sortKey, descending).map(alone)]
  }
  const groups = sortedGroups(rows, column, descending)
  return [...pinned, ...groups.flatMap((group) => groupLines(group, isOther))]
}

/** One run alone has no spread, and needs no line above it. The baseline counts in its group, and stands on top. */
function groupLines(group: SeedGroup, isOther: (row: RunRow) => boolean): RunLine[] {
  const others = group.rows.filter(isOther)
  if (group.rows.length === 1) return others.map(alone)
  return [{ kind: 'group', group }, ...others.map((row): RunLine => ({ kind: 'run', row, place: 'group' }))]
}

const alone = (row: RunRow): RunLine => ({ kind: 'run', row, place: 'alone' })
