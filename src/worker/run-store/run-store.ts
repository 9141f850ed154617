// The runs of this browser in IndexedDB. What belongs together is written in one transaction: an entry never speaks of
// a checkpoint or of metrics that are not there.
import type { IDBPObjectStore } from 'idb'
import { AppError } from '../../base/app-error.ts'
import type { ReplyOf } from '../../contract/commands.ts'
import type { EpochRecord, LogLine } from '../../contract/events.ts'
import { type RunEntry, runEntrySchema, type StepColumns } from '../../contract/run-record.ts'
import { type AcquireLock, type Release, tabLocks } from '../../data/tab-lock.ts'
import type { Checkpoint } from '../../training/checkpoint.ts'
import { ofRun, openRunDatabase, type RunDatabase, type RunSchema, transact } from './run-database.ts'
import { damaged, readCurves, readHistory, rewindHistory, type RunHistory } from './run-history.ts'
import {
  checkpointBytesOf,
  checkpointSizes,
  type CheckpointSizes,
  type NewCheckpoint,
  putCheckpoint,
  readCheckpointFiles,
  readStoredCheckpoint,
} from './stored-checkpoints.ts'

/** What is added to a run at once. */
export type RunAddition = {
  readonly entry: RunEntry
  /** That the run is there already: the rest of it lies in the store. */
  readonly continues?: boolean
  /** Of the steps from `first` on. */
  readonly steps: { readonly first: number; readonly columns: StepColumns } | null
  readonly epochs: readonly EpochRecord[]
  readonly log: readonly LogLine[]
  /** Ascending by steps. */
  readonly checkpoints: readonly NewCheckpoint[]
}

/** Every method throws AppError `storage-full` or `storage-failed`; those of one run `run-absent` and `run-damaged`. */
export type RunStore = {
  /** All that can be read, deleted ones too; those deleted for over a day are dropped first. */
  entries(): Promise<RunEntry[]>
  entry(run: string): Promise<RunEntry>
  /** Of all runs, those too that a later version of the page wrote. */
  ids(): Promise<string[]>
  history(run: string): Promise<RunHistory>
  /** What a comparison draws of it. */
  curves(run: string): Promise<ReplyOf<'load-curves'>>
  /** Null where none was taken yet. */
  checkpoint(run: string, kind: 'last' | 'best'): Promise<Checkpoint | null>
  /** The files of its last and its best checkpoint, ascending by steps. */
  checkpointFiles(run: string): Promise<NewCheckpoint[]>
  /**
   * All of it, or nothing: also where a run that it continues is not there any more (`run-absent`).
   * @returns the entries as they are stored (what a person wrote or deleted meanwhile stays so), and after them those of
   * other runs that gave up a checkpoint to the budget
   */
  add(additions: readonly RunAddition[]): Promise<RunEntry[]>
  /** Changes entries from what they are now, all or none. @returns the new ones */
  change(runs: readonly string[], change: (entry: RunEntry) => RunEntry): Promise<RunEntry[]>
  /** Drops what was reported after a step. */
  rewind(run: string, step: number): Promise<void>
  /** For good. */
  drop(runs: readonly string[]): Promise<void>
  sizes(): Promise<CheckpointSizes>
  /** What checkpoints of epochs between may take, of all runs, in bytes. */
  readonly intermediateBudgetBytes: number
  /** The right to train a run, which one tab has at a time; null where another has it. */
  claim(run: string): Promise<Release | null>
  /** The right to work on the queue, likewise. */
  claimQueue(): Promise<Release | null>
  close(): void
}

type Options = {
  readonly acquireLock?: AcquireLock
  readonly now?: () => number
  readonly intermediateBudgetBytes?: number
}

const DAY_MS = 24 * 60 * 60_000
const ALL_STORES = ['entries', 'steps', 'epochs', 'log', 'checkpoints', 'sizes'] as const

/** @throws AppError `storage-failed` */
export async function openRunStore(name = 'residual-lab-runs', options: Options = {}): Promise<RunStore> {
  const { acquireLock = tabLocks(), now = Date.now, intermediateBudgetBytes = 512e6 } = options
  const database = await openRunDatabase(name)
  return {
    async entries() {
      const entries = await readEntries(database)
      const isOver = ({ deletedAt }: RunEntry) => deletedAt !== null && deletedAt < now() - DAY_MS
      await drop(
        database,
        entries.filter(isOver).map(({ run }) => run),
      )
      return entries.filter((entry) => !isOver(entry))
    },
    async entry(run) {
      const value = await transact(database, ['entries'], 'readonly', `reading run ${run}`, (transaction) =>
        transaction.objectStore('entries').get(run),
      )
      return parseEntry(run, value)
    },
    ids: () =>
      transact(database, ['entries'], 'readonly', 'reading the runs', (transaction) =>
        transaction.objectStore('entries').getAllKeys(),
      ),
    history: (run) => readHistory(database, run),
    curves: (run) => readCurves(database, run),
    checkpoint: (run, kind) => readStoredCheckpoint(database, run, kind),
    checkpointFiles: (run) => readCheckpointFiles(database, run),
    add: (additions) => add(database, additions, { at: now(), intermediateBudgetBytes }),
    change: (runs, change) =>
      transact(database, ['entries'], 'readwrite', 'changing runs', async (transaction) => {
        const entries = transaction.objectStore('entries')
        const changed: RunEntry[] = []
        for (const run of runs) changed.push(change(parseEntry(run, await entries.get(run))))
        for (const entry of changed) await entries.put(entry, entry.run)
        return changed
      }),
    rewind: (run, step) => rewindHistory(database, run, step),
    drop: (runs) => drop(database, runs),
    sizes: () => checkpointSizes(database),
    intermediateBudgetBytes,
    claim: (run) => acquireLock(`${name}/${run}`),
    claimQueue: () => acquireLock(`${name} queue`),
    close: () => database.close(),
  }
}

/** One that a later version of the page wrote is left for that version. */
async function readEntries(database: RunDatabase): Promise<RunEntry[]> {
  const values = await transact(database, ['entries'], 'readonly', 'reading the runs', (transaction) =>
    transaction.objectStore('entries').getAll(),
  )
  return values.flatMap((value) => runEntrySchema.safeParse(value).data ?? [])
}

function absent(run: string): AppError {
  return new AppError(
    'run-absent',
    `Run ${run} is not stored in this browser any more; it may have been deleted in another tab.`,
  )
}

function parseEntry(run: string, value: unknown): RunEntry {
  if (value === undefined) throw absent(run)
  const entry = runEntrySchema.safeParse(value)
  if (!entry.success) throw damaged(run)
  return entry.data
}

function add(
  database: RunDatabase,
  additions: readonly RunAddition[],
  limits: { readonly at: number; readonly intermediateBudgetBytes: number },
): Promise<RunEntry[]> {
  return transact(database, [...ALL_STORES], 'readwrite', 'keeping a run', async (transaction) => {
    const entries = transaction.objectStore('entries')
    const checkpoints = transaction.objectStore('checkpoints')
    const sizes = transaction.objectStore('sizes')
    const written = new Map<string, RunEntry>()
    const losers = new Set<string>()
    for (const { entry, continues, steps, epochs, log, checkpoints: taken } of additions) {
      const { run } = entry
      if (continues && (await entries.get(run)) === undefined) throw absent(run)
      if (steps) await transaction.objectStore('steps').put(steps.columns, [run, steps.first])
      for (const epoch of epochs) await putEpoch(transaction.objectStore('epochs'), run, epoch)
      const lines = await transaction.objectStore('log').count(ofRun(run))
      for (const [i, line] of log.entries()) await transaction.objectStore('log').put(line, [run, lines + i])
      for (const checkpoint of taken) {
        for (const loser of await putCheckpoint({ checkpoints, sizes }, run, checkpoint, limits))
          losers.add(loser)
      }
      const { name, notes, deletedAt } = runEntrySchema.safeParse(await entries.get(run)).data ?? entry
      written.set(run, { ...entry, name, notes, deletedAt })
    }
    for (const run of losers) {
      const other = written.get(run) ?? runEntrySchema.safeParse(await entries.get(run)).data
      if (other) written.set(run, other)
    }
    const stored: RunEntry[] = []
    for (const [run, entry] of written) {
      stored.push({ ...entry, checkpointBytes: await checkpointBytesOf(sizes, run) })
      await entries.put(stored.at(-1), run)
    }
    return stored
  })
}

/** Only a run's newest epoch keeps its answers: 20 kB for each epoch of 300 would be more than all else. */
async function putEpoch(
  epochs: IDBPObjectStore<RunSchema, [...typeof ALL_STORES], 'epochs', 'readwrite'>,
  run: string,
  epoch: EpochRecord,
): Promise<void> {
  const before = await epochs.get([run, epoch.epoch - 1])
  if (before?.answers) await epochs.put({ ...before, answers: null }, [run, before.epoch])
  await epochs.put(epoch, [run, epoch.epoch])
}

async function drop(database: RunDatabase, runs: readonly string[]): Promise<void> {
  if (runs.length === 0) return
  await transact(database, [...ALL_STORES], 'readwrite', 'removing runs', async (transaction) => {
    for (const run of runs) {
      await transaction.objectStore('entries').delete(run)
      for (const name of ['steps', 'epochs', 'log', 'checkpoints', 'sizes'] as const) {
        await transaction.objectStore(name).delete(ofRun(run))
      }
    }
  })
}
