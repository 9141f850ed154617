// The page's one state: what the worker reported, the set-up that a person is editing, and what went wrong where.
import { createStore, type StoreApi } from 'zustand/vanilla'
import { type Failure, toFailure } from '../base/app-error.ts'
import type { ReplyOf } from '../contract/commands.ts'
import type { DataSetId } from '../base/data-set.ts'
import type { FeatureGrid } from '../contract/feature-grid.ts'
import type { ComparedRun } from '../runs/compared-run.ts'
import type { Side } from '../runs/pair.ts'
import type { RunConfig } from '../config/run-config.ts'
import { AUTOMATIC } from '../contract/engine-setting.ts'
import type { EnginePreference } from './engine-preference.ts'
import { defaultSetup } from './default-setup.ts'
import { createEventQueue } from './event-queue.ts'
import { applyEvent, EMPTY_RECORD, type LabRecord } from './lab-record.ts'
import type { Listener } from './worker-client.ts'

/** Where on the page a failed command is reported. */
export type ErrorLocation = 'page' | 'link' | 'data' | 'run' | 'runs' | 'queue' | 'export' | 'features'

export type ImportedEvaluation = ReplyOf<'evaluate-weights'> & {
  readonly key: string
  readonly fileName: string
  readonly set: DataSetId
}

export type LabState = LabRecord & {
  /** What "Train both" would train; its `identity` is true, and the pair's other run has it false. */
  readonly setup: RunConfig
  /** The default gives way to the device's own default; a choice does not. */
  readonly setupFrom: 'default' | 'choice'
  readonly engine: Pick<EnginePreference, 'setting' | 'from'>
  /** Asked while a run waits to go on with another engine than before; null otherwise. */
  readonly engineQuestion: { readonly text: string; readonly answer: (isAgreed: boolean) => void } | null
  readonly failures: Readonly<Record<ErrorLocation, Failure | null>>
  /** Commands under way that a person waits for. */
  readonly busy: ReadonlySet<Busy>
  /** Newest first. */
  readonly imported: readonly ImportedEvaluation[]
  /** What was ranked last; null before. */
  readonly ranked: RankedFeatures | null
  /** The stored runs that are compared, in the order in which they were chosen. */
  readonly compared: readonly ComparedRun[]
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

/** A run's features, with its weights after so many steps. */
type RankedFeatures = {
  readonly run: string
  readonly side: Side
  readonly set: DataSetId
  readonly steps: number
  readonly grid: FeatureGrid
}

export type LabStore = StoreApi<LabState>

export function createLabStore(): LabStore {
  return createStore<LabState>(() => ({
    ...EMPTY_RECORD,
    setup: defaultSetup(null),
    setupFrom: 'default',
    engine: { setting: AUTOMATIC, from: 'default' },
    engineQuestion: null,
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
    imported: [],
    ranked: null,
    compared: [],
  }))
}

/** What the worker's messages do to the store. */
export function listenFor(store: LabStore): Listener {
  const queue = createEventQueue((events) => {
    store.setState((state) => withDeviceDefault(events.reduce<LabRecord>(applyEvent, state), state))
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

function withDeviceDefault(record: LabRecord, before: LabState): Partial<LabState> {
  if (before.setupFrom !== 'default' || record.device.state !== 'ready') return record
  if (before.device.state === 'ready') return record
  return { ...record, setup: defaultSetup(record.device.info) }
}
