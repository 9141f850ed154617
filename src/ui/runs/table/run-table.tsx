import { type KeyboardEvent, memo, useMemo, startTransition, useEffect, useState } from 'react'
import type { RunColumn } from './run-columns.ts'
import { runLines } from './run-lines.ts'
import type { RunRow, Sort } from './run-rows.ts'
import { GroupTableRow, RunTableRow } from './run-table-row.tsx'
import styles from './run-table.module.css'

export type RunTableProps = {
  readonly rows: readonly RunRow[]
  readonly columns: readonly RunColumn[]
  readonly sort: Sort
  readonly onSort: (sort: Sort) => void
  readonly grouped: boolean
  readonly baseline: RunRow | null
  readonly selected: ReadonlySet<string>
  readonly onSelect: (run: string, selected: boolean) => void
  readonly onSelectAll: (selected: boolean) => void
  /** The run whose name is being changed. */
  readonly renaming: string | null
  readonly onRenaming: (run: string | null) => void
  readonly onName: (run: string, name: string) => void
  readonly onDetails: (row: RunRow) => void
}

const NAME_COLUMN: RunColumn = {
  id: 'name',
  heading: 'Run',
  sortKey: ({ name }) => name,
  text: ({ name }) => name,
  metric: null,
}

/** All runs that the filter lets through; any column sorts. The arrows go from row to row, Tab through a row. */
export const RunTable = memo(function RunTable(props: RunTableProps) {
  const { rows, columns, sort, onSort, grouped, baseline, selected, onSelectAll, renaming } = props
  const { onSelect, onDetails, onRenaming, onName } = props
  const lines = useMemo(() => {
    const column = [NAME_COLUMN, ...columns].find(({ id }) => id === sort.column) ?? NAME_COLUMN
    return runLines(rows, { column, descending: sort.descending, grouped, baseline })
  }, [rows, columns, sort, grouped, baseline])
  const drawn = useGrowing(lines.length)
  return (
    <div className={styles.scroll}>
      {/* The arrows only move the focus between what is in the table. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <table className={styles.table} aria-label="Runs" onKeyDown={moveBetweenRows}>
        <thead>
          <tr>
            <td className={styles.box}>
              <SelectAll rows={rows} selected={selected} onSelectAll={onSelectAll} />
            </td>
            {[NAME_COLUMN, ...columns].map((column) => (
              <SortHeader key={column.id} {...{ column, sort, onSort }} />
            ))}
          </tr>
        </thead>
        <tbody>
          {lines
            .slice(0, drawn)
            .map((line) =>
              line.kind === 'group' ? (
                <GroupTableRow key={line.group.key} group={line.group} columns={columns} />
              ) : (
                <RunTableRow
                  key={line.row.entry.run}
                  row={line.row}
                  place={line.place}
                  selected={selected.has(line.row.entry.run)}
                  renaming={renaming === line.row.entry.run}
                  {...{ columns, baseline, onSelect, onDetails, onRenaming, onName }}
                />
              ),
            )}
        </tbody>
      </table>
    </div>
  )
})

function SelectAll(props: {
  readonly rows: readonly RunRow[]
  readonly selected: ReadonlySet<string>
  readonly onSelectAll: (selected: boolean) => void
}) {
  const { rows, selected, onSelectAll } = props
  const chosen = rows.filter(({ entry }) => selected.has(entry.run)).length
  const all = rows.length > 0 && chosen === rows.length
  return (
    <input
      type="checkbox"
      aria-label="Select all runs shown"
      checked={all}
      ref={(box) => {
        if (box) box.indeterminate = chosen > 0 && !all
      }}
      onChange={() => onSelectAll(!all)}
    />
  )
}

/** A column's name, which sorts by it: metrics from the highest at first, words from A. */
function SortHeader(props: {
  readonly column: RunColumn
  readonly sort: Sort
  readonly onSort: (sort: Sort) => void
}) {
  const { column, sort, onSort } = props
  const active = sort.column === column.id
  const descending = active ? !sort.descending : column.metric !== null
  return (
    <th
      scope="col"
      className={column.metric ? styles.metric : undefined}
      aria-sort={active ? (sort.descending ? 'descending' : 'ascending') : undefined}
    >
      <button type="button" onClick={() => onSort({ column: column.id, descending })}>
        {column.heading}
        {active && <span aria-hidden="true"> {sort.descending ? '↓' : '↑'}</span>}
      </button>
    </th>
  )
}

/** To the same control in the row above or below. A menu's button opens its menu with the arrows. */
function moveBetweenRows(event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  const { target } = event
  if (step === 0 || event.defaultPrevented || !(target instanceof HTMLElement)) return
  if (target.ariaHasPopup === 'true' || (target instanceof HTMLInputElement && target.type === 'text')) return
  const row = target.closest('tr')
  const place = row ? controlsOf(row).indexOf(target) : -1
  if (!row || place < 0) return
  const all = [...(row.closest('table')?.rows ?? [])].filter((other) => controlsOf(other).length > 0)
  event.preventDefault()
  const next = all[all.indexOf(row) + step]
  if (next) controlsOf(next)[place]?.focus()
}

const controlsOf = (row: HTMLTableRowElement) => [...row.querySelectorAll<HTMLElement>('input, button')]

/** Drawn at once; more than fits on a screen. */
const FIRST = 40
const MORE = 20

/** How many of many rows to draw by now: the first at once, the others by and by, so that the page never waits for all. */
function useGrowing(total: number): number {
  const [drawn, setDrawn] = useState(FIRST)
  useEffect(() => {
    if (drawn >= total) return undefined
    const next = setTimeout(() => startTransition(() => setDrawn(drawn + MORE)))
    return () => clearTimeout(next)
  }, [drawn, total])
  return drawn
}
