// The IndexedDB database of runs: an entry for each, what it has reported, and its checkpoints.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { AppError } from '../../base/app-error.ts'
import type { EpochRecord, LogLine } from '../../contract/events.ts'
import type { StepColumns } from '../../contract/run-record.ts'
import { type Connection, createConnection } from '../../data/store/connection.ts'
import { transactor } from '../../data/store/transactor.ts'

type Run = string

/** What a checkpoint takes, so that budgets need not read it. */
export type CheckpointSize = {
  readonly bytes: number
  readonly at: number
  /** The best of its run by the images that decide. */
  readonly isBest: boolean
  /** Taken after an evaluation; others are dropped with the next. */
  readonly endsEpoch: boolean
}

export interface RunSchema extends DBSchema {
  /** Parsed when read: a later version of the page may have written them. */
  entries: { key: Run; value: unknown }
  /** Steps in the order of training, in pieces by the number of the first. */
  steps: { key: [Run, number]; value: StepColumns }
  /** By epoch. */
  epochs: { key: [Run, number]; value: EpochRecord }
  log: { key: [Run, number]; value: LogLine }
  /** Files as transfer/checkpoint-file.ts writes them, without the metrics, which are in `steps`; by steps taken. */
  checkpoints: { key: [Run, number]; value: Uint8Array<ArrayBuffer> }
  sizes: { key: [Run, number]; value: CheckpointSize }
}

export type RunDatabase = Connection<RunSchema>

const SCHEMA_VERSION = 1

/** @throws AppError `storage-refused` where the browser forbids storage, or a newer page has changed the schema */
export async function openRunDatabase(name: string): Promise<RunDatabase> {
  const connection = createConnection((onClose) => openDatabase(name, onClose))
  await connection.use(() => undefined)
  return connection
}

async function openDatabase(name: string, onClose: () => void): Promise<IDBPDatabase<RunSchema>> {
  try {
    return await openDB<RunSchema>(name, SCHEMA_VERSION, {
      upgrade(created, oldVersion) {
        if (oldVersion < 1) {
          for (const store of ['entries', 'steps', 'epochs', 'log', 'checkpoints', 'sizes'] as const) {
            created.createObjectStore(store)
          }
        }
      },
      // A newer page in another tab wants to change the schema: make way for it.
      blocking: onClose,
      terminated: onClose,
    })
  } catch (error) {
    throw new AppError(
      'storage-refused',
      'This browser does not let the page store runs (a private window, a storage setting, or a newer version of the ' +
        'page in another tab), so they last only as long as the page: export what you want to keep.',
      { cause: error },
    )
  }
}

export const transact = transactor<RunSchema>()

/** Everything of a run in a store whose keys begin with it. */
export function ofRun(run: Run, from = -Infinity): IDBKeyRange {
  return IDBKeyRange.bound([run, from], [run, []])
}
