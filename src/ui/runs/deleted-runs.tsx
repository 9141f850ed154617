import { useEffect, useRef } from 'react'
import type { RunEntry } from '../../contract/run-record.ts'
import { count } from '../charts/curve-values.ts'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import { Notice } from '../foundation/controls/notice.tsx'
import { nameOf } from './table/run-rows.ts'
import styles from './runs-zone.module.css'

/** What was just deleted, as long as it can be undone with one press; the focus goes there from the row that is gone. */
export function UndoNotice(props: {
  readonly runs: number
  readonly onUndo: () => void
  readonly onDismiss: () => void
}) {
  const { runs, onUndo, onDismiss } = props
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // After the menu that asked for it has given up the focus.
    const asked = setTimeout(() => place.current?.querySelector('button')?.focus(), 50)
    return () => clearTimeout(asked)
  }, [])
  return (
    <div ref={place} role="status">
      <Notice tone="plain" onDismiss={onDismiss}>
        <p className={styles.undo}>
          {runs === 1 ? '1 run deleted' : `${count(runs)} runs deleted`}
          <ActionButton onPress={onUndo}>Undo</ActionButton>
        </p>
      </Notice>
    </div>
  )
}

const MOMENT = new Intl.DateTimeFormat('en-GB', { weekday: 'long', hour: '2-digit', minute: '2-digit' })

/** Runs that were deleted less than a day ago. */
export function DeletedRuns(props: {
  readonly entries: readonly RunEntry[]
  readonly onRestore: (runs: readonly string[]) => void
}) {
  const { entries, onRestore } = props
  if (entries.length === 0) return null
  return (
    <details className={styles.deleted}>
      <summary>Recently deleted ({count(entries.length)})</summary>
      <p>Deleted runs are removed permanently after 24 hours.</p>
      <ul>
        {entries.map((entry) => (
          <li key={entry.run}>
            <span>
              {nameOf(entry)}, {entry.config.network.identity ? 'A with' : 'B without'} identity, seed{' '}
              {entry.config.seed}; deleted {MOMENT.format(entry.deletedAt ?? 0)}
            </span>
            <ActionButton label={`Restore ${nameOf(entry)}`} onPress={() => onRestore([entry.run])}>
              Restore
            </ActionButton>
          </li>
        ))}
      </ul>
      {entries.length > 1 && (
        <ActionButton onPress={() => onRestore(entries.map(({ run }) => run))}>Restore all</ActionButton>
      )}
    </details>
  )
}
