import { useState } from 'react'
import type { StorageStatus } from '../../contract/run-record.ts'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import { bytes } from '../foundation/controls/quantities.ts'
import styles from './runs-zone.module.css'

const REFUSED = 'The browser did not grant persistent storage. Export what you cannot lose.'

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
          Storage used: {bytes(status.usedBytes)} of {bytes(status.quotaBytes)}, images included.
        </p>
      )}
      {status.persisted ? (
        <p>Storage is persistent: the browser does not clear it by itself.</p>
      ) : (
        <p>
          The browser may clear it when the disk fills up.{' '}
          <ActionButton onPress={() => void onPersist().then((granted) => setRefused(!granted))}>
            Make storage persistent
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
    `Checkpoints: ${bytes(checkpointBytes)}, of these ${bytes(intermediateCheckpointBytes)} intermediate. ` +
    `The oldest intermediate checkpoints are deleted above ${bytes(intermediateBudgetBytes)}.`
  )
}
