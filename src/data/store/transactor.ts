// Transactions of IndexedDB, whose failures are sentences.
import type { DBSchema, IDBPTransaction, StoreNames } from 'idb'
import { AppError } from '../../base/app-error.ts'
import type { Connection } from './connection.ts'

/** Completes "The browser's storage failed while …"; the size is named where the storage is full. */
type Doing = string | { readonly doing: string; readonly neededBytes: number | null }

/**
 * For a database of one schema: does `work` in one transaction, and returns when it is over: either all of it happened,
 * or nothing.
 * @throws AppError `storage-full`, `storage-failed`; an AppError that `work` throws comes through
 */
export function transactor<S extends DBSchema>() {
  return async <T, Names extends StoreNames<S>[], Mode extends 'readonly' | 'readwrite'>(
    connection: Connection<S>,
    names: Names,
    mode: Mode,
    doing: Doing,
    work: (transaction: IDBPTransaction<S, Names, Mode>) => Promise<T>,
  ): Promise<T> => {
    let outcome: Promise<unknown> = Promise.resolve(null)
    try {
      const transaction = await connection.use((database) => database.transaction(names, mode))
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
      `The browser's storage is full while ${doing}${needed}${await usage()}; free disk space or remove a data set or ` +
        'runs, then try again. What was stored before is unchanged.',
      { cause: error },
    )
  }
  const reason = error instanceof Error ? error.message : String(error)
  return new AppError('storage-failed', `The browser's storage failed while ${doing}: ${reason} Try again.`, {
    cause: error,
  })
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
