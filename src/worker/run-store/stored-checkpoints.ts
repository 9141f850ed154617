// A run's checkpoints: its last and its best as long as the run, those of epochs between within a budget for all runs.
import type { IDBPObjectStore, StoreNames } from 'idb'
import { AppError } from '../../base/app-error.ts'
import { pointsOfColumns } from '../../runs/step-columns.ts'
import type { Checkpoint } from '../../training/checkpoint.ts'
import { readCheckpoint } from '../../transfer/checkpoint-file.ts'
import { type CheckpointSize, ofRun, type RunDatabase, type RunSchema, transact } from './run-database.ts'
import { damaged, readHistory } from './run-history.ts'

export type NewCheckpoint = Pick<CheckpointSize, 'isBest' | 'endsEpoch'> & {
  /** As `writeCheckpoint` makes it, with `pointsApart`. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly steps: number
}

export type CheckpointSizes = {
  /** Of all checkpoints, and of those that are neither a run's last nor its best; bytes. */
  readonly all: number
  readonly between: number
}

type Writable<Name extends StoreNames<RunSchema>> = IDBPObjectStore<
  RunSchema,
  StoreNames<RunSchema>[],
  Name,
  'readwrite'
>
type Stores = { readonly checkpoints: Writable<'checkpoints'>; readonly sizes: Writable<'sizes'> }
type Sized = CheckpointSize & { readonly run: string; readonly steps: number }

/**
 * Adds a run's newest checkpoint, and drops what it replaces and what is over the budget.
 * @returns the runs that lost one to the budget
 */
export async function putCheckpoint(
  { checkpoints, sizes }: Stores,
  run: string,
  { bytes, steps, isBest, endsEpoch }: NewCheckpoint,
  { at, intermediateBudgetBytes }: { readonly at: number; readonly intermediateBudgetBytes: number },
): Promise<string[]> {
  await checkpoints.put(bytes, [run, steps])
  await sizes.put({ bytes: bytes.length, at, isBest, endsEpoch }, [run, steps])
  const drop = async (dropped: Sized) => {
    await checkpoints.delete([dropped.run, dropped.steps])
    await sizes.delete([dropped.run, dropped.steps])
  }
  const before = sized(await sizes.getAllKeys(), await sizes.getAll())
  for (const other of before) {
    if (other.run !== run || other.steps === steps) continue
    // Of steps that were taken again, or within an epoch.
    const wasBest = other.isBest && !isBest
    if (other.steps > steps || !(other.endsEpoch || wasBest)) await drop(other)
    else if (other.isBest && isBest) {
      const { bytes: size, at: then, endsEpoch: ends } = other
      await sizes.put({ bytes: size, at: then, isBest: false, endsEpoch: ends }, [run, other.steps])
    }
  }
  const losers: string[] = []
  let room = intermediateBudgetBytes
  const after = sized(await sizes.getAllKeys(), await sizes.getAll())
  for (const other of between(after).toSorted((one, two) => two.at - one.at || two.steps - one.steps)) {
    room -= other.bytes
    if (room >= 0) continue
    await drop(other)
    losers.push(other.run)
  }
  return losers
}

/** What a run's checkpoints take, in bytes. */
export async function checkpointBytesOf(
  sizes: Pick<Stores['sizes'], 'getAll'>,
  run: string,
): Promise<number> {
  return (await sizes.getAll(ofRun(run))).reduce((sum, { bytes }) => sum + bytes, 0)
}

/** The run's last and its best, ascending by steps; one where they are the same. @throws AppError `run-damaged` */
export function readCheckpointFiles(database: RunDatabase, run: string): Promise<NewCheckpoint[]> {
  return transact(
    database,
    ['checkpoints', 'sizes'],
    'readonly',
    `reading run ${run}`,
    async (transaction) => {
      const sizes = transaction.objectStore('sizes')
      const all = sized(await sizes.getAllKeys(ofRun(run)), await sizes.getAll(ofRun(run)))
      const wanted = all.filter(({ isBest, steps }) => isBest || steps === all.at(-1)?.steps)
      const files: NewCheckpoint[] = []
      for (const { steps, isBest, endsEpoch } of wanted) {
        const bytes: unknown = await transaction.objectStore('checkpoints').get([run, steps])
        if (!(bytes instanceof Uint8Array)) throw damaged(run)
        files.push({ steps, isBest, endsEpoch, bytes: Uint8Array.from(bytes) })
      }
      return files
    },
  )
}

/**
 * Null where none was taken yet.
 * @throws AppError `run-damaged`
 */
export async function readStoredCheckpoint(
  database: RunDatabase,
  run: string,
  which: 'last' | 'best',
): Promise<Checkpoint | null> {
  const files = await readCheckpointFiles(database, run)
  const found = files.findLast(({ isBest }) => which === 'last' || isBest)
  if (!found) return null
  const { steps } = await readHistory(database, run)
  const points = pointsOfColumns(steps).slice(0, found.steps)
  try {
    return readCheckpoint(found.bytes, `The checkpoint of run ${run}`, points)
  } catch (cause) {
    throw cause instanceof AppError ? damaged(run, cause) : cause
  }
}

export async function checkpointSizes(database: RunDatabase): Promise<CheckpointSizes> {
  const all = await transact(
    database,
    ['sizes'],
    'readonly',
    'measuring the checkpoints',
    async (transaction) => {
      const sizes = transaction.objectStore('sizes')
      return sized(await sizes.getAllKeys(), await sizes.getAll())
    },
  )
  const sum = (some: readonly Sized[]) => some.reduce((bytes, one) => bytes + one.bytes, 0)
  return { all: sum(all), between: sum(between(all)) }
}

/** Those that are neither the last nor the best of their run. */
function between(all: readonly Sized[]): Sized[] {
  const last = new Map<string, number>()
  for (const { run, steps } of all) last.set(run, Math.max(steps, last.get(run) ?? 0))
  return all.filter(({ run, steps, isBest }) => !isBest && steps !== last.get(run))
}

function sized(keys: readonly [string, number][], values: readonly CheckpointSize[]): Sized[] {
  return keys.flatMap(([run, steps], i) => {
    const value = values[i]
    return value ? [{ ...value, run, steps }] : []
  })
}
