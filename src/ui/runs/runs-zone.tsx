// The Runs zone: every run that is kept in this browser, to find, compare, go on with, and tidy up.
import { useCallback, useMemo, useState } from 'react'
import { useActions, useLab } from '../app/lab-context.tsx'
import { ActionButton } from '../controls/action-button.tsx'
import { UndoNotice } from './deleted-runs.tsx'
import { RowCommandsContext } from './row-commands.ts'
import { BASE_COLUMNS, settingColumns } from './run-columns.ts'
import { RunDetails } from './run-details.tsx'
import { RunFilterBar } from './run-filter-bar.tsx'
import { RunNotices, RunStorage } from './run-notices.tsx'
import { filterRows, NO_FILTER, type RunRow, runRows, type Sort } from './run-rows.ts'
import { RunTable } from './run-table.tsx'
import styles from './runs-zone.module.css'
import { SelectionBar } from './selection-bar.tsx'
import { useBaseline } from './use-baseline.ts'
import { useRowCommands } from './use-row-commands.ts'

export function RunsZone() {
  const rows = useRows()
  const isOpen = useLab((state) => state.stored.isOpen)
  const { deleteRuns, restoreRuns } = useActions()
  /** Those that went last, until that is undone or dismissed. */
  const [deleted, setDeleted] = useState<readonly string[]>([])
  const remove = useCallback(
    (gone: readonly RunRow[]) => {
      const runs = gone.map(({ entry }) => entry.run)
      setDeleted(runs)
      void deleteRuns(runs)
    },
    [deleteRuns],
  )
  const isGone = !rows.some(({ entry }) => deleted.includes(entry.run))
  return (
    <div className={styles.zone}>
      <RunNotices />
      {deleted.length > 0 && isGone && (
        <UndoNotice
          runs={deleted.length}
          onUndo={() => {
            setDeleted([])
            void restoreRuns(deleted)
          }}
          onDismiss={() => setDeleted([])}
        />
      )}
      {rows.length > 0 ? <Runs rows={rows} onRemove={remove} /> : <NoRuns isOpen={isOpen} />}
      <RunStorage />
    </div>
  )
}

function useRows(): readonly RunRow[] {
  const entries = useLab((state) => state.stored.entries)
  const elsewhere = useLab((state) => state.stored.elsewhere)
  const session = useLab((state) => state.session)
  return useMemo(() => runRows(entries, { session, elsewhere }), [entries, session, elsewhere])
}

function NoRuns({ isOpen }: { readonly isOpen: boolean }) {
  if (!isOpen) return <p className={styles.hint}>Opening the runs of this browser…</p>
  return (
    <div className={styles.empty}>
      <p>No run is kept here yet.</p>
      <p className={styles.hint}>
        Every run that you train is kept in this browser with its figures and its checkpoints, and can go on
        after the page was closed.
      </p>
    </div>
  )
}

const NEWEST_FIRST: Sort = { column: 'created', descending: true }

function Runs(props: {
  readonly rows: readonly RunRow[]
  readonly onRemove: (rows: readonly RunRow[]) => void
}) {
  const { rows, onRemove } = props
  const { renameRun, noteRun, exportRuns } = useActions()
  const rename = useCallback((run: string, name: string) => void renameRun(run, name), [renameRun])
  const [filter, setFilter] = useState(NO_FILTER)
  const [sort, setSort] = useState(NEWEST_FIRST)
  const [grouped, setGrouped] = useState(false)
  const [renaming, setRenaming] = useState<string | null>(null)
  const [detailed, setDetailed] = useState<string | null>(null)
  const [said, setSaid] = useState('')
  const [pinned, pin] = useBaseline()

  const find = (run: string | null) => rows.find(({ entry }) => entry.run === run) ?? null
  const baseline = find(pinned)
  const shown = useMemo(() => filterRows(rows, filter), [rows, filter])
  const columns = useColumns(shown, baseline)
  const selection = useSelection(shown)
  const page = useMemo(
    () => ({
      details: ({ entry }: RunRow) => setDetailed(entry.run),
      rename: ({ entry }: RunRow) => setRenaming(entry.run),
      pin,
      remove: onRemove,
      say: setSaid,
    }),
    [pin, onRemove],
  )
  const row = find(detailed)
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
        onExport={() => void exportRuns(selection.rows.map(({ entry }) => entry.run))}
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
      {shown.length === 0 && (
        <div className={styles.empty}>
          <p>No run is like that.</p>
          <ActionButton onPress={() => setFilter(NO_FILTER)}>Show all runs</ActionButton>
        </div>
      )}
      {row && (
        <RunDetails
          key={row.entry.run}
          row={row}
          onNotes={(notes) => void noteRun(row.entry.run, notes)}
          onClose={() => setDetailed(null)}
        />
      )}
    </RowCommandsContext>
  )
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
