import { count } from '../charts/figures.ts'
import { ActionButton } from '../controls/action-button.tsx'
import { deletingRefused } from './row-commands.ts'
import type { RunRow } from './run-rows.ts'
import styles from './runs-zone.module.css'

/** What can be done with the runs that are ticked. */
export function SelectionBar(props: {
  readonly selected: readonly RunRow[]
  /** Saves them whole, as one zip archive. */
  readonly onExport: () => void
  readonly onDelete: () => void
  readonly onClear: () => void
}) {
  const { selected, onExport, onDelete, onClear } = props
  const refused = selected.map(deletingRefused).find((reason) => reason !== null)
  return (
    <div className={styles.selection}>
      {selected.length === 0 ? (
        <p className={styles.hint}>Tick runs to do something with several at once.</p>
      ) : (
        <>
          <p>{count(selected.length)} selected</p>
          <ActionButton onPress={onExport}>Save selected as zip</ActionButton>
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
