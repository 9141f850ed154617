// A connection to an IndexedDB database that is made anew when it is gone: browsers close databases by themselves, when
// site data is cleared, a disk fails, or another tab wants to change the schema.
import type { DBSchema, IDBPDatabase } from 'idb'

export type Connection<S extends DBSchema> = {
  /**
   * Does `work` with the open database, opened anew where it has been closed. Work begins anew where it meets a database
   * that is closed.
   * @throws what opening or `work` throws
   */
  use<T>(work: (database: IDBPDatabase<S>) => T | Promise<T>): Promise<T>
  close(): void
}

/** @param open opens the database, and sees to it that `onClose` is called when the database is to be left */
export function createConnection<S extends DBSchema>(
  open: (onClose: () => void) => Promise<IDBPDatabase<S>>,
): Connection<S> {
  let current: Promise<IDBPDatabase<S>> | null = null

  function leave(left: Promise<IDBPDatabase<S>> | null): void {
    if (current === left) current = null
    left?.then((opened) => opened.close()).catch(() => undefined)
  }

  function database(): Promise<IDBPDatabase<S>> {
    if (current) return current
    const opened: Promise<IDBPDatabase<S>> = open(() => leave(opened))
    current = opened
    // One that did not open is tried again at the next use.
    opened.catch(() => leave(opened))
    return opened
  }

  return {
    async use(work) {
      const first = database()
      try {
        return await work(await first)
      } catch (error) {
        if (!isClosed(error)) throw error
        leave(first)
        return work(await database())
      }
    },
    close: () => leave(current),
  }
}

/** Whether something was asked of a database that is closed, or is about to be. */
function isClosed(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'InvalidStateError'
}
