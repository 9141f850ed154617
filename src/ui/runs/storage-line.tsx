import { useState } from 'react'
import type { StorageStatus } from '../../contract/run-record.ts'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import { bytes } from '../foundation/controls/quantities.ts'
import styles from './runs-zone.module.css'

const REFUSED =
  'The browser did not promise: it decides by how much the page is used. Take home what you cannot lose, and ask again later.'

/** What the runs take of this browser's storage, and whether they are safe there. */
export function StorageLine(props: {
  readonly status: StorageStatus
  /** @returns whether the browser promised */
  readonly onPersist: () => Promise<boolean>
}) {
  const { status, onPersist } = props
  const [refused, setRefused] = useState(false)
  return (
    <div className={styles.storage}>
      <p>{formatCheckpoints(status)}</p>
      {status.usedBytes !== null && status.quotaBytes !== null && (
        <p>
          The browser counts {bytes(status.usedBytes)} of {bytes(status.quotaBytes)} for this page, images
          among them.
        </p>
      )}
      {status.persisted ? (
        <p>It has promised not to clear them by itself.</p>
      ) : (
        <p>
          It may clear them when the disk fills up.{' '}
          <ActionButton onPress={() => void onPersist().then((granted) => setRefused(!granted))}>
            Ask it to keep them
          </ActionButton>
        </p>
      )}
      <output>{refused && !status.persisted && REFUSED}</output>
    </div>
  )
}

function formatCheckpoints({
  checkpointBytes,
  intermediateCheckpointBytes,
  intermediateBudgetBytes,
}: StorageStatus): string {
  return (
    `Checkpoints ${bytes(checkpointBytes)}, of which ${bytes(intermediateCheckpointBytes)} between a run’s best and last; ` +
    `beyond ${bytes(intermediateBudgetBytes)} of those the oldest go.`
  )
}
