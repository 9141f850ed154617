// The worker's lab over this place's databases under their own names, on the CPU engine without fused multiply-add: that
// module computes the same bits on every machine.
import { setTimeout as delay } from 'node:timers/promises'
import { nodeCpuHost } from '../../cli/device/node-cpu-host.ts'
import type { CommandKind, CommandOf } from '../../contract/commands.ts'
import { AUTOMATIC } from '../../contract/engine-setting.ts'
import type { SessionState, TrainEvent } from '../../contract/events.ts'
import type { CifarFormat } from '../../data/cifar/cifar-format.ts'
import { createDataLibrary } from '../../data/data-library.ts'
import type { Fetch } from '../../data/download.ts'
import { openImageStore } from '../../data/store/image-store.ts'
import { threadLocks } from '../../data/tab-lock.ts'
import { createCpuEngine } from '../../engine/cpu/cpu-engine.ts'
import type { Whiten } from '../../training/whitening/compute-whitening.ts'
import { yieldToEventLoop } from '../../worker/yield-to-event-loop.ts'
import { dispatch } from '../../worker/commands/dispatch.ts'
import { createWorkerServices } from '../../worker/worker-services.ts'
import { createRunLibrary } from '../../worker/run-library.ts'
import { openRunStore } from '../../worker/run-store/run-store.ts'
import { createWhitener } from '../../worker/whitener.ts'
import { openWhiteningStore } from '../../worker/whitening-store.ts'

export type Runs = CommandOf<'start'>['runs']

type Options = {
  /** Milliseconds since 1970; a run that was deleted is kept for a day. */
  readonly now?: () => number
  readonly formats?: readonly CifarFormat[]
  readonly fetch?: Fetch
  /** Where no stored matrix is of a run. */
  readonly whiten?: Whiten
  readonly appVersion?: string
}

const CHECKED_EVERY_MS = 5

const elapsed = () => performance.now()

export type PlainLab = Awaited<ReturnType<typeof openPlainLab>>

export async function openPlainLab({
  now = Date.now,
  formats = [],
  fetch = () => Promise.reject(new Error('nothing is to be fetched')),
  whiten = () => Promise.reject(new Error('no whitening is to be computed')),
  appVersion = 'test',
}: Options = {}) {
  const events: TrainEvent[] = []
  const emit = (event: TrainEvent) => void events.push(event)
  const locks = threadLocks()
  const images = await openImageStore(undefined, locks)
  const store = await openRunStore(undefined, { acquireLock: locks, now })
  const library = createDataLibrary({
    store: images,
    fetch,
    elapsed,
    emit: (status) => emit({ kind: 'data-set', status }),
    defaultBase: '/archives/',
    formats,
    retryDelaysMs: [],
  })
  const runs = createRunLibrary({
    store,
    unavailable: null,
    claimed: async () => [],
    tellOthers: () => undefined,
    emit,
    storage: async () => ({ persisted: false, usedBytes: null, quotaBytes: null }),
    now,
    appVersion,
  })
  const whitenings = await openWhiteningStore(undefined, { now })
  const services = createWorkerServices({
    library,
    runs,
    whitener: createWhitener({ compute: whiten, store: whitenings, elapsed, say: () => undefined }),
    setting: AUTOMATIC,
    createEngine: (_setting, onFailure) =>
      createCpuEngine({
        host: {
          ...nodeCpuHost,
          load: async (module) => (module === 'plain' ? nodeCpuHost.load(module) : new Uint8Array()),
        },
        // As many threads as there are, the bits are the same.
        threads: 2,
        onFailure,
      }),
    emit,
    now,
    elapsed,
    yieldToEventLoop,
  })
  await library.open()
  await runs.open()
  await services.queue.open()

  /** As the page sends it. */
  const send = <Kind extends CommandKind>(command: Parameters<typeof dispatch<Kind>>[0]) =>
    dispatch<Kind>(command, services)
  async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await reached())) await delay(CHECKED_EVERY_MS)
  }
  /** Where the session that was begun last began, among the events. */
  let begunAt = 0
  async function inState(session: string, state: SessionState): Promise<void> {
    await until(() => {
      const last = events
        .slice(begunAt)
        .filter((event) => event.kind === 'session')
        .findLast((event) => event.session === session)
      if (last?.state === 'failed' && state !== 'failed') throw new Error(JSON.stringify(last.failure))
      return last?.state === state
    })
  }

  return {
    services,
    send,
    events,
    until,
    inState,
    /** Trains until the end of the budget, and until that is stored. */
    async finished(session: string): Promise<void> {
      await inState(session, 'finished')
      await until(async () =>
        (await runs.entries())
          .filter((entry) => entry.session === session)
          .every(({ state, steps, totalSteps }) => state === 'finished' && steps === totalSteps),
      )
    },
    async start(session: string, begun: Runs, { paused = false } = {}): Promise<void> {
      begunAt = events.length
      await send({ kind: 'start', session, runs: begun, paused })
    },
    async goOn(session: string, resumed: readonly string[], epochs = 0): Promise<void> {
      begunAt = events.length
      await send({ kind: 'resume-runs', session, runs: [...resumed], paused: false, epochs })
    },
    /** Begins paused, and is paused again after so many steps, all of them stored. */
    async pausedAfter(session: string, begun: Runs, steps: number): Promise<void> {
      await this.start(session, begun, { paused: true })
      await inState(session, 'paused')
      for (let step = 1; step <= steps; step++) await this.step(session, step)
    },
    /** Takes step number `step` of a paused session. */
    async step(session: string, step: number): Promise<void> {
      await send({ kind: 'step', session })
      await until(async () =>
        (await runs.entries())
          .filter((entry) => entry.session === session)
          .every(({ steps }) => steps === step),
      )
      await inState(session, 'paused')
    },
    async exported(which: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
      const { bytes } = await send({ kind: 'export-runs', runs: [...which] })
      return Uint8Array.from(bytes)
    },
    async close(): Promise<void> {
      store.close()
      images.close()
    },
  }
}
