// What the worker has, with the real libraries (on fake-indexeddb) and the real CPU engine.
import { expect } from 'vitest'
import { AppError } from '../../base/app-error.ts'
import { openTestEngine } from '../node/test-engine.ts'
import { createGate, type Gate } from '../node/test-gate.ts'
import type { CommandKind } from '../../contract/commands.ts'
import { AUTOMATIC, type EngineSetting } from '../../contract/engine-setting.ts'
import type { SessionState, TrainEvent } from '../../contract/events.ts'
import type { RunConfig } from '../../config/run-config.ts'
import type { CifarFormat } from '../../data/cifar/cifar-format.ts'
import { createDataLibrary } from '../../data/data-library.ts'
import { openFreshStore } from '../data/open-fresh-store.ts'
import type { Engine } from '../../engine/engine.ts'
import { findPreset } from '../../presets/presets.ts'
import { heNetwork } from '../../presets/he.ts'
import { computeWhitening, whitenWith } from '../../training/whitening/compute-whitening.ts'
import { yieldToEventLoop } from '../../worker/yield-to-event-loop.ts'
import { dispatch } from '../../worker/commands/dispatch.ts'
import type { RunStore } from '../../worker/run-store/run-store.ts'
import { createWhitener } from '../../worker/whitener.ts'
import { HUNG_MS } from '../../../scripts/testing/eventually.ts'
import { tickingClock } from '../../../scripts/testing/ticking-clock.ts'
import { createWorkerServices } from '../../worker/worker-services.ts'
import { freshRunLibrary } from './fresh-run-library.ts'

/** Two steps an epoch. */
export function tinyConfig(): RunConfig {
  const preset = findPreset('akamaster-20')
  if (!preset) throw new Error('no preset akamaster-20')
  const { config } = preset
  return {
    ...config,
    data: { set: 'builtin', limitTrain: 8, limitTest: 4, validation: null },
    network: heNetwork({ n: 1, width: 2 }),
    batchSize: 4,
  }
}

type Options = {
  readonly formats?: readonly CifarFormat[]
  /** Whose database of runs this tab opens; a fresh one where left out. */
  readonly stored?: Awaited<ReturnType<typeof freshRunLibrary>>
  readonly changeStore?: (store: RunStore) => RunStore
  /** What the setting opens; the CPU engine where left out. */
  readonly createEngine?: (setting: EngineSetting, onFailure: (error: AppError) => void) => Promise<Engine>
  /** Whether the device cannot be had now. */
  readonly refusesEngine?: () => boolean
  /** Holds its sessions between two turns of their loops. */
  readonly gate?: Gate
}

export async function openLab({
  formats = [],
  stored,
  changeStore,
  createEngine,
  refusesEngine,
  gate = createGate(),
}: Options = {}) {
  const events: TrainEvent[] = []
  const emit = (event: TrainEvent) => void events.push(event)
  function hear(event: TrainEvent): void {
    emit(event)
    services.queue.hear(event)
  }
  const { store } = await openFreshStore()
  const library = createDataLibrary({
    store,
    fetch,
    elapsed: tickingClock,
    emit: (status) => emit({ kind: 'data-set', status }),
    defaultBase: '/archives/',
    formats,
  })
  await library.open()
  const { runs } = await (stored ?? (await freshRunLibrary())).tab(emit, changeStore, hear)
  const services = createWorkerServices({
    library,
    runs,
    whitener: createWhitener({
      compute: whitenWith(computeWhitening),
      store: null,
      elapsed: tickingClock,
      say: () => undefined,
    }),
    setting: AUTOMATIC,
    async createEngine(setting, onFailure) {
      if (refusesEngine?.()) throw new AppError('device-unavailable', 'No device.')
      return createEngine?.(setting, onFailure) ?? openTestEngine(onFailure)
    },
    emit,
    now: tickingClock,
    elapsed: tickingClock,
    async yieldToEventLoop() {
      await yieldToEventLoop()
      await gate.pass()
    },
  })
  async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
    await expect.poll(reached, { timeout: HUNG_MS, interval: 5 }).toBe(true)
  }
  const inState = (state: SessionState) =>
    until(() => events.findLast((event) => event.kind === 'session')?.state === state)
  /** As the page sends it. */
  const send = <Kind extends CommandKind>(command: Parameters<typeof dispatch<Kind>>[0]) =>
    dispatch<Kind>(command, services)
  return { services, send, events, until, inState, finished: () => inState('finished') }
}
