// The runs that are kept in this browser, as the page knows them.
import type { Failure } from '../../base/app-error.ts'
import type { LogLine, TrainEvent } from '../../contract/events.ts'
import type { RunEntry, StorageStatus } from '../../contract/run-record.ts'
import type { RunReports } from '../../runs/run-reports.ts'
import { EMPTY_QUEUE, queueStatus, type QueueStatus } from '../queue/queue-slice.ts'

export type StoredRuns = {
  /** False until the store was opened. */
  readonly isOpen: boolean
  /** Newest first; deleted ones too, as long as that can be undone. */
  readonly entries: readonly RunEntry[]
  /** Those in training in another tab. */
  readonly elsewhere: ReadonlySet<string>
  /** Why none are kept in this browser; null where they are. */
  readonly failure: Failure | null
  /** Why the newest checkpoint was not stored; null where it was. */
  readonly keeping: Failure | null
  readonly storage: StorageStatus | null
  readonly queue: QueueStatus
}

export const NO_STORED_RUNS: StoredRuns = {
  isOpen: false,
  entries: [],
  elsewhere: new Set(),
  failure: null,
  keeping: null,
  storage: null,
  queue: EMPTY_QUEUE,
}

/** A stored run with all that it has reported. */
export type StoredRun = RunReports & {
  readonly entry: RunEntry
  readonly log: readonly LogLine[]
}

type StoredEvent = Extract<
  TrainEvent,
  { kind: 'runs' | 'run-entry' | 'run-elsewhere' | 'keeping' | 'queue' | 'storage' }
>

export function applyStored(stored: StoredRuns, event: StoredEvent): StoredRuns {
  switch (event.kind) {
    case 'runs':
      return {
        ...stored,
        isOpen: true,
        entries: event.entries.toSorted(byAge),
        elsewhere: new Set(event.elsewhere),
        failure: event.failure,
      }
    case 'run-entry':
      return { ...stored, entries: withEntry(stored.entries, event.entry) }
    case 'run-elsewhere': {
      const elsewhere = new Set(stored.elsewhere)
      if (event.elsewhere) elsewhere.add(event.run)
      else elsewhere.delete(event.run)
      return { ...stored, elsewhere }
    }
    case 'keeping':
      return { ...stored, keeping: event.failure }
    case 'queue':
      return { ...stored, queue: queueStatus(event) }
    case 'storage':
      return { ...stored, storage: event.status }
    default:
      return event satisfies never
  }
}

/** The runs of the session that was trained last and is neither deleted, waiting nor in training in another tab. */
export function lastSession({ entries, elsewhere }: Pick<StoredRuns, 'entries' | 'elsewhere'>): RunEntry[] {
  const shown = entries.filter(
    ({ run, deletedAt, state }) => deletedAt === null && state !== 'queued' && !elsewhere.has(run),
  )
  const session = shown.toSorted((one, other) => other.changedAt - one.changedAt)[0]?.session
  return shown.filter((entry) => entry.session === session)
}

const byAge = (one: RunEntry, other: RunEntry) =>
  other.createdAt - one.createdAt || (one.run < other.run ? -1 : 1)

function withEntry(entries: readonly RunEntry[], entry: RunEntry): readonly RunEntry[] {
  const place = entries.findIndex(({ run }) => run === entry.run)
  return place < 0 ? [entry, ...entries].toSorted(byAge) : entries.with(place, entry)
}
