// A browser may clear a page's storage when the disk fills up, unless it was asked not to.
import type { Lab } from '../lab.ts'
import type { LabState } from '../lab-store.ts'

/** Asks once, as soon as there is a stored run with a result to lose. */
export function persistOnceItMatters({ store, actions }: Lab): void {
  const end = store.subscribe((state) => {
    if (!isWorthAsking(state)) return
    end()
    void actions.persistStorage()
  })
}

function isWorthAsking({ stored: { storage, entries } }: LabState): boolean {
  return storage?.persisted === false && entries.some(({ result }) => result !== null)
}
