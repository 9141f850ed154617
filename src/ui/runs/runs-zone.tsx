// The Runs zone: every run that is kept in this browser, to find, compare, go on with, and tidy up.
import { useCallback, useMemo, useState } from 'react'
import { useActions, useLab } from '../foundation/lab-context.tsx'
import { UndoNotice } from './deleted-runs.tsx'
import { ImportRuns } from './import-runs.tsx'
import { RunBrowser } from './run-browser.tsx'
import { RunNotices, RunStorage } from './run-notices.tsx'
import { type RunRow, runRows } from './table/run-rows.ts'
import styles from './runs-zone.module.css'

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
      {rows.length > 0 ? <RunBrowser rows={rows} onRemove={remove} /> : <NoRuns isOpen={isOpen} />}
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
  if (!isOpen) return <p className={styles.hint}>Loading stored runs…</p>
  return (
    <div className={styles.empty}>
      <p>No runs yet.</p>
      <p className={styles.hint}>
        Runs are stored in this browser with their metrics and checkpoints. You can resume them after closing
        the page.
      </p>
      <ImportRuns />
    </div>
  )
}
