// One tab at a time writes a data set. A lock ends with its tab, however that ends.
import { AppError } from '../base/app-error.ts'

/** Gives the lock back. */
export type Release = () => void

/** Null where another tab, or another owner in this one, has the lock. @throws AppError `storage-failed` where nobody can say */
export type AcquireLock = (name: string) => Promise<Release | null>

/** The browser's own locks; without them (an insecure page, refused site data, Node) only this thread is guarded. */
export function tabLocks(): AcquireLock {
  const locks: LockManager | undefined = globalThis.navigator?.locks
  const here = threadLocks()
  if (!locks) return here
  const everywhere = webLocks(locks)
  return (name) =>
    everywhere(name).catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'SecurityError') return here(name)
      throw error
    })
}

function webLocks(locks: LockManager): AcquireLock {
  return (name) =>
    new Promise((resolve, reject) => {
      const held = locks.request(name, { ifAvailable: true }, async (lock) => {
        if (lock) await new Promise<void>((release) => resolve(release))
        else resolve(null)
      })
      held.catch((cause: unknown) => reject(lockRefused(cause)))
    })
}

export function threadLocks(): AcquireLock {
  const held = new Set<string>()
  return (name) => {
    if (held.has(name)) return Promise.resolve(null)
    held.add(name)
    return Promise.resolve(() => void held.delete(name))
  }
}

export function lockRefused(cause?: unknown): AppError {
  return new AppError(
    'storage-failed',
    'This browser does not say whether another tab is using this; reload the page and try again.',
    { cause },
  )
}
