// The page's one state: what the worker reported, the set-up that a person is editing, and what went wrong where.
import { createStore, type StoreApi } from 'zustand/vanilla'
import { type Failure, toFailure } from '../base/app-error.ts'
import { type DeviceChoice, NO_DEVICE_CHOICE } from './device/device-slice.ts'
import { createEventQueue } from './event-queue.ts'
import { type ExportSlice, NOTHING_IMPORTED } from './export/export-slice.ts'
import { type InspectSlice, NOTHING_RANKED } from './inspect/inspect-slice.ts'
import { applyEvent, EMPTY_RECORD, type LabRecord } from './lab-record.ts'
import { type CompareSlice, NOTHING_COMPARED } from './runs/compare-slice.ts'
import { initialSetup, type SetupSlice, setupOnDevice } from './setup/setup-slice.ts'
import type { Listener } from './worker-client.ts'

/** Where on the page a failed command is reported. */
export type ErrorLocation = 'page' | 'link' | 'data' | 'run' | 'runs' | 'queue' | 'export' | 'features'

export type LabState = LabRecord &
  DeviceChoice &
  SetupSlice &
  CompareSlice &
  ExportSlice &
  InspectSlice & {
    readonly failures: Readonly<Record<ErrorLocation, Failure | null>>
    /** Commands under way that a person waits for. */
    readonly busy: ReadonlySet<Busy>
  }
export type Busy =
  | 'choose-engine'
  | 'start'
  | 'compare'
  | 'open-runs'
  | 'import-data'
  | 'export'
  | 'evaluate-weights'
  | 'rank-features'
  | 'draw-features'

export type LabStore = StoreApi<LabState>

export function createLabStore(): LabStore {
  return createStore<LabState>(() => ({
    ...EMPTY_RECORD,
    ...NO_DEVICE_CHOICE,
    ...initialSetup(),
    ...NOTHING_COMPARED,
    ...NOTHING_IMPORTED,
    ...NOTHING_RANKED,
    failures: {
      page: null,
      link: null,
      data: null,
      run: null,
      runs: null,
      queue: null,
      export: null,
      features: null,
    },
    busy: new Set(),
  }))
}

/** What the worker's messages do to the store. */
export function listenFor(store: LabStore): Listener {
  const queue = createEventQueue((events) => {
    store.setState((state) => {
      const record = events.reduce<LabRecord>(applyEvent, state)
      return { ...record, ...setupOnDevice(record, state) }
    })
  })
  return {
    onEvent: (event) => queue.push(event),
    onFailure: (failure) => reportFailure(store, 'page', failure),
  }
}

export function reportFailure(store: LabStore, place: ErrorLocation, failure: Failure | null): void {
  store.setState(({ failures }) => ({ failures: { ...failures, [place]: failure } }))
}

/** Resolves when the device is known, or that there is none: the default set-up depends on it. */
export function deviceSettled(store: Pick<LabStore, 'getState' | 'subscribe'>): Promise<void> {
  const isSettled = ({ device, workerFailure, failures }: LabState) =>
    device.state !== 'starting' || workerFailure !== null || failures.page?.code === 'internal'
  return new Promise((resolve) => {
    if (isSettled(store.getState())) return resolve()
    const end = store.subscribe((state) => {
      if (!isSettled(state)) return
      end()
      resolve()
    })
  })
}

/** Runs a command that a person asked for: clears the place's last failure, reports a new one there. */
export async function attempt(
  store: LabStore,
  { place, busy }: { place: ErrorLocation; busy?: Busy },
  work: () => Promise<unknown>,
): Promise<void> {
  reportFailure(store, place, null)
  if (busy) store.setState((state) => ({ busy: new Set(state.busy).add(busy) }))
  try {
    await work()
  } catch (error) {
    reportFailure(store, place, toFailure(error))
  } finally {
    if (busy)
      store.setState((state) => ({ busy: new Set([...state.busy].filter((other) => other !== busy)) }))
  }
}
