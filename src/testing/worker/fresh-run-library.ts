import type { TrainEvent } from '../../contract/events.ts'
import { tickingClock } from '../../../scripts/testing/ticking-clock.ts'
import { lockRefused, threadLocks } from '../../data/tab-lock.ts'
import { createRunLibrary, type RunLibrary } from '../../worker/run-library.ts'
import { openRunStore, type RunStore } from '../../worker/run-store/run-store.ts'

/** A library over an empty database; `tab` opens the same database as another tab would, or a reloaded page. */
export async function freshRunLibrary(
  emit?: (event: TrainEvent) => void,
  /** Told of each call to a lock, the other tabs or the browser's accounts; what it throws is that call's failure. */
  cross: (edge: string, fault?: () => Error) => void = () => undefined,
) {
  const name = `runs-${crypto.randomUUID()}`
  let locks = threadLocks()
  let tabs: ((event: TrainEvent) => void)[] = []
  async function tab(
    tell: (event: TrainEvent) => void = () => undefined,
    change: (store: RunStore) => RunStore = (store) => store,
    /** What other tabs tell this one. */
    hear: (event: TrainEvent) => void = () => undefined,
  ): Promise<{ runs: RunLibrary; store: RunStore }> {
    const store = change(
      await openRunStore(name, {
        async acquireLock(lock) {
          cross('lock', lockRefused)
          return locks(lock)
        },
        now: tickingClock,
      }),
    )
    tabs.push(hear)
    const runs = createRunLibrary({
      store,
      unavailable: null,
      async claimed() {
        cross('locks held')
        return []
      },
      tellOthers(event) {
        cross('message to other tabs')
        for (const other of tabs) if (other !== hear) other(event)
      },
      emit: tell,
      async storage() {
        return { persisted: false, usedBytes: null, quotaBytes: null }
      },
      now: tickingClock,
      appVersion: 'test',
    })
    return { runs, store }
  }
  async function isLocked(lock: string): Promise<boolean> {
    const release = await locks(lock)
    release?.()
    return release === null
  }
  /** What becomes of the locks of tabs that are gone; they hear nothing more. */
  function endTabs(): void {
    locks = threadLocks()
    tabs = []
  }
  return { ...(await tab(emit)), name, tab, endTabs, isLocked }
}
