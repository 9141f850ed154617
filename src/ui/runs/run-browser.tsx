// The table, what narrows and orders it, and what is done with its rows.
import { useCallback, useMemo, useState } from 'react'
import { useActions } from '../foundation/lab-context.tsx'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import { RowCommandsContext } from './table/row-commands.ts'
import { BASE_COLUMNS, settingColumns } from './table/run-columns.ts'
import { RunDetails } from './run-details.tsx'
import { RunFilterBar } from './run-filter-bar.tsx'
import { filterRows, NO_FILTER, type RunRow, type Sort } from './table/run-rows.ts'
import { RunTable } from './table/run-table.tsx'
import styles from './runs-zone.module.css'
import { SelectionBar } from './selection-bar.tsx'
import { useBaseline } from './use-baseline.ts'
import { useRowCommands } from './table/use-row-commands.ts'

const NEWEST_FIRST: Sort = { column: 'created', descending: true }

export function RunBrowser(props: {
  /** At least one. */
  readonly rows: readonly RunRow[]
  readonly onRemove: (rows: readonly RunRow[]) => void
}) {
  const { rows, onRemove } = props
  const { renameRun, noteRun } = useActions()
  const rename = useCallback((run: string, name: string) => void renameRun(run, name), [renameRun])
  const [filter, setFilter] = useState(NO_FILTER)
  const [sort, setSort] = useState(NEWEST_FIRST)
  const [grouped, setGrouped] = useState(false)
  const [pinned, pin] = useBaseline()
  const { page, renaming, setRenaming, detailed, said } = usePage(pin, onRemove)

  const find = (run: string | null) => rows.find(({ entry }) => entry.run === run) ?? null
  const [baseline, row] = [find(pinned), find(detailed)]
  const shown = useMemo(() => filterRows(rows, filter), [rows, filter])
  const columns = useColumns(shown, baseline)
  const selection = useSelection(shown)
  return (
    <RowCommandsContext value={useRowCommands(page, pinned)}>
      <RunFilterBar
        {...{ filter, grouped }}
        onFilter={setFilter}
        onGrouped={setGrouped}
        shown={shown.length}
        total={rows.length}
      />
      <SelectionBar
        selected={selection.rows}
        onSave={() => page.save(selection.rows)}
        onDelete={() => onRemove(selection.rows)}
        onClear={() => selection.all(false)}
      />
      <output className="visually-hidden">{said}</output>
      <RunTable
        rows={shown}
        {...{ columns, sort, grouped, baseline, renaming }}
        onSort={setSort}
        selected={selection.runs}
        onSelect={selection.one}
        onSelectAll={selection.all}
        onRenaming={setRenaming}
        onName={rename}
        onDetails={page.details}
      />
      {shown.length === 0 && <NoMatches onShowAll={() => setFilter(NO_FILTER)} />}
      {row && (
        <RunDetails
          key={row.entry.run}
          row={row}
          onNotes={(notes) => void noteRun(row.entry.run, notes)}
          onClose={page.closeDetails}
        />
      )}
    </RowCommandsContext>
  )
}

function NoMatches({ onShowAll }: { readonly onShowAll: () => void }) {
  return (
    <div className={styles.empty}>
      <p>No runs match this filter.</p>
      <ActionButton onPress={onShowAll}>Show all runs</ActionButton>
    </div>
  )
}

/** What a row's menu does to the table itself. */
function usePage(pin: (run: string | null) => void, remove: (rows: readonly RunRow[]) => void) {
  const { exportRuns } = useActions()
  const [renaming, setRenaming] = useState<string | null>(null)
  const [detailed, setDetailed] = useState<string | null>(null)
  const [said, say] = useState('')
  const page = useMemo(
    () => ({
      details: ({ entry }: RunRow) => setDetailed(entry.run),
      closeDetails: () => setDetailed(null),
      rename: ({ entry }: RunRow) => setRenaming(entry.run),
      save: (rows: readonly RunRow[]) => void exportRuns(rows.map(({ entry }) => entry.run)),
      pin,
      remove,
      say,
    }),
    [pin, remove, exportRuns],
  )
  return { page, renaming, setRenaming, detailed, said }
}

/** Those of every run, and the settings in which the runs that are shown differ. */
function useColumns(shown: readonly RunRow[], baseline: RunRow | null) {
  return useMemo(() => {
    const compared = baseline ? [...shown, baseline] : shown
    return [...BASE_COLUMNS, ...settingColumns(compared.map(({ entry }) => entry.config))]
  }, [shown, baseline])
}

/** Which of the rows that are shown are ticked: what a filter hides is not done anything with. */
function useSelection(shown: readonly RunRow[]) {
  const [runs, setRuns] = useState<ReadonlySet<string>>(new Set())
  const one = useCallback((run: string, isSelected: boolean) => {
    setRuns((before) => {
      const after = new Set(before)
      if (isSelected) after.add(run)
      else after.delete(run)
      return after
    })
  }, [])
  const all = useCallback(
    (isSelected: boolean) => setRuns(new Set(isSelected ? shown.map(({ entry }) => entry.run) : [])),
    [shown],
  )
  return {
    runs,
    one,
    all,
    rows: useMemo(() => shown.filter(({ entry }) => runs.has(entry.run)), [shown, runs]),
  }
}
