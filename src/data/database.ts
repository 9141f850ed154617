// The IndexedDB database of images and unfinished downloads: its schema, and its failures as sentences.
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb'
import { AppError } from '../contract/app-error.ts'
import type { DataSetId, Split } from '../contract/data-set.ts'

/** What is stored of a set. It is written last, so that images without a manifest were never there. */
export type Manifest = {
  readonly set: DataSetId
  readonly generation: number
  readonly images: Readonly<Record<Split, number>>
  readonly classNames: readonly string[]
  readonly coarseNames: readonly string[] | null
}

/** An archive that is on its way, or whole and not unpacked yet. Its bytes are the parts. */
export type DownloadRecord = {
  readonly url: string
  /** Bytes stored so far. */
  readonly bytes: number
  /** Null where the server did not say. */
  readonly totalBytes: number | null
  readonly complete: boolean
  /** What identifies the file's version on the server. */
  readonly etag: string | null
  readonly lastModified: string | null
}

type Generation = number
type Bytes = Uint8Array<ArrayBuffer>

export interface Schema extends DBSchema {
  manifests: { key: DataSetId; value: Manifest }
  /** Those being written. One that is not, and has no manifest, is what a crash left behind. */
  generations: { key: Generation; value: { set: DataSetId } }
  /** By the place of the chunk's first image in its split. */
  chunks: { key: [Generation, Split, number]; value: { count: number; pixels: Bytes } }
  labels: { key: [Generation, Split]; value: { fine: Bytes; coarse: Bytes | null } }
  downloads: { key: DataSetId; value: DownloadRecord }
  /** By the part's offset in the archive. */
  parts: { key: [DataSetId, number]; value: Bytes }
}

export type Database = IDBPDatabase<Schema>

const SCHEMA_VERSION = 1

/** @throws AppError `storage-failed` where the browser forbids storage, or a newer page has changed the schema */
export async function openDatabase(name: string): Promise<Database> {
  try {
    const database = await openDB<Schema>(name, SCHEMA_VERSION, {
      upgrade(created, oldVersion) {
        if (oldVersion < 1) {
          created.createObjectStore('manifests')
          created.createObjectStore('generations', { autoIncrement: true })
          created.createObjectStore('chunks')
          created.createObjectStore('labels')
          created.createObjectStore('downloads')
          created.createObjectStore('parts')
        }
      },
      // A newer page in another tab wants to change the schema: make way for it.
      blocking: () => database.close(),
    })
    return database
  } catch (error) {
    throw new AppError(
      'storage-failed',
      'This browser does not let the page store images (a private window, a storage setting, or a newer version of the ' +
        'page in another tab); allow it, or reload. The built-in set works without.',
      { cause: error },
    )
  }
}

/** Completes "The browser's storage failed while …"; the size is named where the storage is full. */
type Doing = string | { readonly doing: string; readonly neededBytes: number | null }

/**
 * Does `work` in one transaction, and returns when it is over: either all of it happened, or nothing.
 * @throws AppError `storage-full`, `storage-failed`; an AppError that `work` throws comes through
 */
export async function transact<T, Names extends StoreNames<Schema>[], Mode extends 'readonly' | 'readwrite'>(
  database: Database,
  names: Names,
  mode: Mode,
  doing: Doing,
  work: (transaction: IDBPTransaction<Schema, Names, Mode>) => Promise<T>,
): Promise<T> {
  let outcome: Promise<unknown> = Promise.resolve(null)
  try {
    const transaction = database.transaction(names, mode)
    outcome = transaction.done.then(
      () => null,
      (error: unknown) => error,
    )
    const result = await work(transaction).catch((error: unknown) => {
      abort(transaction)
      throw error
    })
    const failure = await outcome
    if (failure !== null) throw failure
    return result
  } catch (error) {
    // A request that fails because its transaction does only says "aborted"; the transaction says why.
    const failure = await outcome
    throw await storageError(isQuota(failure) ? failure : error, doing)
  }
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort()
  } catch {
    // It has ended by itself.
  }
}

function isQuota(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
}

async function storageError(error: unknown, work: Doing): Promise<AppError> {
  if (error instanceof AppError) return error
  const { doing, neededBytes } = typeof work === 'string' ? { doing: work, neededBytes: null } : work
  if (isQuota(error)) {
    const needed = neededBytes === null ? '' : ` (${megabytes(neededBytes)} in all)`
    return new AppError(
      'storage-full',
      `The browser's storage is full while ${doing}${needed}${await usage()}; free disk space or remove another data ` +
        'set, then try again. What was stored before is unchanged.',
      { cause: error },
    )
  }
  const reason = error instanceof Error ? error.message : String(error)
  return new AppError(
    'storage-failed',
    `The browser's storage failed while ${doing}: ${reason} Reload the page and try again.`,
    { cause: error },
  )
}

async function usage(): Promise<string> {
  // Node has no `navigator`, and an insecure page no `storage`.
  const storage: StorageManager | undefined = globalThis.navigator?.storage
  const estimate = await storage?.estimate().catch(() => null)
  if (estimate?.usage === undefined || estimate.quota === undefined) return ''
  return `: it holds ${megabytes(estimate.usage)} of the ${megabytes(estimate.quota)} that this page may use`
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
