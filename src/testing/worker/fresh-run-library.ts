import type { TrainEvent } from '../../contract/events.ts'
import { tickingClock } from '../../../scripts/testing/ticking-clock.ts'
import { threadLocks } from '../../data/tab-lock.ts'
import { createRunLibrary, type RunLibrary } from '../../worker/run-library.ts'
import { openRunStore, type RunStore } from '../../worker/run-store/run-store.ts'

let opened = 0

/** A library over an empty database; `tab` opens the same database as another tab would, or a reloaded page. */
export async function freshRunLibrary(emit?: (event: TrainEvent) => void) {
  const name = `runs-${opened++}`
  let locks = threadLocks()
  let tabs: ((event: TrainEvent) => void)[] = []
  async function tab(
    tell: (event: TrainEvent) => void = () => undefined,
    change: (store: RunStore) => RunStore = (store) => store,
    /** What other tabs tell this one. */
    hear: (event: TrainEvent) => void = () => undefined,
  ): Promise<{ runs: RunLibrary; store: RunStore }> {
    const store = change(await openRunStore(name, { acquireLock: (lock) => locks(lock), now: tickingClock }))
    tabs.push(hear)
    const runs = createRunLibrary({
      store,
      unavailable: null,
      claimed: async () => [],
      tellOthers(event) {
        for (const other of tabs) if (other !== hear) other(event)
      },
      emit: tell,
      storage: async () => ({ persisted: false, usedBytes: null, quotaBytes: null }),
      now: tickingClock,
      appVersion: 'test',
    })
    return { runs, store }
  }
  /** What becomes of the locks of tabs that are gone; they hear nothing more. */
  function endTabs(): void {
    locks = threadLocks()
    tabs = []
  }
  return { ...(await tab(emit)), name, tab, endTabs }
}
