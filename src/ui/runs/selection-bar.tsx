import { useMemo } from 'react'
import { count } from '../charts/curve-values.ts'
import { CompareRuns } from '../compare/compare-runs.tsx'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import { DialogButton } from '../foundation/controls/dialog-button.tsx'
import { deletingRefused } from './table/row-commands.ts'
import type { RunRow } from './table/run-rows.ts'
import styles from './runs-zone.module.css'

/** What can be done with the runs that are ticked. */
export function SelectionBar(props: {
  readonly selected: readonly RunRow[]
  readonly onSave: () => void
  readonly onDelete: () => void
  readonly onClear: () => void
}) {
  const { selected, onSave, onDelete, onClear } = props
  const tested = useMemo(() => selected.flatMap(({ entry }) => (entry.result ? [entry.run] : [])), [selected])
  const refused = selected.map(deletingRefused).find((reason) => reason !== null)
  return (
    <div className={styles.selection}>
      {selected.length === 0 ? (
        <p className={styles.hint}>Select runs to compare, export or delete.</p>
      ) : (
        <>
          <p>{count(selected.length)} selected</p>
          {tested.length > 0 && (
            <DialogButton text="Compare selected…" title="Compare runs" wide>
              {() => <CompareRuns first={tested} />}
            </DialogButton>
          )}
          <ActionButton onPress={onSave}>Export as zip</ActionButton>
          <ActionButton disabled={refused !== undefined} onPress={onDelete}>
            Delete selected
          </ActionButton>
          <ActionButton rank="quiet" onPress={onClear}>
            Clear selection
          </ActionButton>
          {refused !== undefined && <p className={styles.hint}>One cannot be deleted. {refused}</p>}
        </>
      )}
    </div>
  )
}
