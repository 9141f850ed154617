// The library of runs over this browser's storage, its locks, and its other tabs.
import { version } from '../../package.json'
import { type Failure, toFailure } from '../base/app-error.ts'
import { eventSchema, type TrainEvent } from '../contract/events.ts'
import { createRunLibrary, type RunLibrary } from './run-library.ts'
import { openRunStore, type RunStore } from './run-store/run-store.ts'

const NAME = 'residual-lab-runs'

/** @param hear is told what other tabs tell, besides the page */
export async function openRunLibrary(
  emit: (event: TrainEvent) => void,
  hear: (event: TrainEvent) => void,
): Promise<RunLibrary> {
  const others = new BroadcastChannel(NAME)
  others.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    // Another version of the page may say what this one does not know.
    const event = eventSchema.safeParse(data)
    if (!event.success) return
    emit(event.data)
    hear(event.data)
  })
  const { store, unavailable } = await open()
  return createRunLibrary({
    store,
    unavailable,
    claimed,
    tellOthers: (event) => others.postMessage(event),
    emit,
    storage,
    now: () => Date.now(),
    appVersion: version,
  })
}

async function open(): Promise<{ store: RunStore | null; unavailable: Failure | null }> {
  try {
    return { store: await openRunStore(NAME), unavailable: null }
  } catch (error) {
    return { store: null, unavailable: toFailure(error) }
  }
}

async function claimed(): Promise<string[]> {
  // An insecure page has no locks.
  const locks: LockManager | undefined = navigator.locks
  const { held = [] } = (await locks?.query().catch(() => null)) ?? {}
  return held.flatMap(({ name }) => (name?.startsWith(`${NAME}/`) ? [name.slice(NAME.length + 1)] : []))
}

async function storage() {
  const manager: StorageManager | undefined = navigator.storage
  const { usage, quota } = (await manager?.estimate().catch(() => null)) ?? {}
  return {
    persisted: (await manager?.persisted().catch(() => false)) ?? false,
    usedBytes: usage ?? null,
    quotaBytes: quota ?? null,
  }
}
