import { useEffect } from 'react'
import { useActions, useLab } from '../foundation/lab-context.tsx'
import { FailureNotice } from '../foundation/controls/notice.tsx'
import { DeletedRuns } from './deleted-runs.tsx'
import { ImportRuns } from './import-runs.tsx'
import { PersistenceNotice } from './persistence-notice.tsx'
import { StorageLine } from './storage-line.tsx'

/** Why the runs in training are not kept, or a command among them failed. */
export function RunNotices() {
  const failure = useLab((state) => state.failures.runs)
  const { dismissFailure } = useActions()
  return (
    <>
      <PersistenceNotice />
      <FailureNotice failure={failure} onDismiss={() => dismissFailure('runs')} />
    </>
  )
}

/** What was deleted and can come back, and what all of it takes; measured whenever somebody comes to look. */
export function RunStorage() {
  const entries = useLab((state) => state.stored.entries)
  const status = useLab((state) => state.stored.storage)
  const { restoreRuns, persistStorage, measureStorage } = useActions()
  useEffect(() => void measureStorage(), [measureStorage])
  return (
    <>
      {entries.some(({ deletedAt }) => deletedAt === null) && (
        <div>
          <ImportRuns />
        </div>
      )}
      <DeletedRuns
        entries={entries.filter(({ deletedAt }) => deletedAt !== null)}
        onRestore={(runs) => void restoreRuns(runs)}
      />
      {status && <StorageLine status={status} onPersist={persistStorage} />}
    </>
  )
}
