// Sessions with the real CPU engine and real (built-in) images, for tests.
import { tickingClock } from '../../../scripts/testing/ticking-clock.ts'
import { afterAll, beforeAll } from 'vitest'
import { IMAGE_BYTES, type Split } from '../../base/data-set.ts'
import type { TrainEvent } from '../../contract/events.ts'
import type { RunConfig } from '../../config/run-config.ts'
import { generateBuiltinSet } from '../../data/builtin-set.ts'
import type { ImageSet } from '../../data/image-set.ts'
import type { Engine } from '../../engine/engine.ts'
import { openTestEngine } from './test-engine.ts'
import { createGate, type Gate } from './test-gate.ts'
import { SMALL_CONFIG } from '../runs/small-config.ts'
import type { Checkpoint, KeptCheckpoint } from '../../training/checkpoint.ts'
import { Session } from '../../training/session.ts'
import { computeWhitening, type Whiten, whitenWith } from '../../training/whitening/compute-whitening.ts'

/** Two epochs of three steps each. */
export const CONFIG: RunConfig = {
  ...SMALL_CONFIG,
  normalisation: { kind: 'channels', mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
}
/** Does not end by itself on any machine. */
export const ENDLESS: RunConfig = { ...CONFIG, budget: { unit: 'epoch', amount: 1_000_000 } }
export const WITHOUT: RunConfig = { ...CONFIG, network: { ...CONFIG.network, identity: false } }

export let engine: Engine
export let sets: Record<Split, ImageSet>

/** Opens the engine before a file's tests and closes it after them. */
export function useSessions(): void {
  beforeAll(async () => {
    engine = await openTestEngine(() => undefined)
    sets = generateBuiltinSet()
  })
  afterAll(() => engine.dispose())
}

type EventOf<K extends TrainEvent['kind']> = Extract<TrainEvent, { kind: K }>

type Begin = {
  readonly paused?: boolean
  /** Of the runs, in their order. */
  readonly from?: readonly Checkpoint[]
  readonly now?: () => number
  readonly elapsed?: () => number
  readonly whiten?: Whiten
  /** Holds it between two turns of its loop. */
  readonly gate?: Gate
}

/** Begins a session with the runs `run-0`, `run-1`. */
export function begin(
  configs: readonly RunConfig[],
  {
    paused = false,
    from = [],
    now = tickingClock,
    elapsed = tickingClock,
    whiten = whitenWith(computeWhitening),
    gate = createGate(),
  }: Begin = {},
) {
  const events: TrainEvent[] = []
  const kept: (readonly KeptCheckpoint[])[] = []
  const replaced: (Engine | null)[] = []
  let heard: (() => void)[] = []
  const runs = configs.map((config, i) => ({ run: `run-${i}`, config, ...(from[i] && { from: from[i] }) }))
  const session = new Session(
    { session: 's', runs, paused },
    {
      async engine(failed) {
        replaced.push(failed)
        return engine
      },
      async keep(checkpoints) {
        kept.push(checkpoints)
      },
      loadImages: async (_set, split, limit) => {
        const images = sets[split]
        const count = Math.min(limit ?? images.count, images.count)
        return { ...images, count, pixels: images.pixels.subarray(0, count * IMAGE_BYTES) }
      },
      emit(event) {
        events.push(event)
        const woken = heard
        heard = []
        for (const resolve of woken) resolve()
      },
      whiten,
      now,
      elapsed,
      async yieldToEventLoop() {
        await new Promise((resolve) => setImmediate(resolve))
        await gate.pass()
      },
    },
  )
  const eventsOf = <K extends TrainEvent['kind']>(kind: K) =>
    events.filter((event): event is EventOf<K> => event.kind === kind)
  return {
    session,
    /** What was kept, oldest first. */
    kept,
    /** What each request for an engine was to replace. */
    replaced,
    eventsOf,
    states: () => eventsOf('session').map(({ state }) => state),
    steps: (run: string) =>
      eventsOf('steps')
        .filter((event) => event.run === run)
        .flatMap(({ points }) => points),
    /** Waits for an event after which `reached` holds. */
    async until(reached: () => boolean) {
      while (!reached()) {
        const failure = eventsOf('session').at(-1)?.failure
        if (failure) throw new Error(failure.details ?? failure.message)
        await new Promise<void>((resolve) => {
          heard.push(resolve)
        })
      }
    },
  }
}

export type Lab = ReturnType<typeof begin>
export const isIn = (lab: Lab, state: string) => () => lab.states().at(-1) === state

/** The last checkpoints kept, in the order of the runs. */
export const lastKept = (lab: Lab): Checkpoint[] => lab.kept.at(-1)?.map(({ checkpoint }) => checkpoint) ?? []

/** The checkpoints of runs that were stopped once `steps` steps were taken. */
export async function stoppedAfter(
  configs: readonly RunConfig[],
  steps: number,
  whiten?: Whiten,
): Promise<Checkpoint[]> {
  const lab = begin(configs, { paused: true, ...(whiten && { whiten }) })
  await lab.until(isIn(lab, 'paused'))
  for (let i = 1; i <= steps; i++) {
    lab.session.step()
    await lab.until(() => lab.steps('run-0').length === i && isIn(lab, 'paused')())
  }
  await lab.session.dispose()
  return lastKept(lab)
}

export async function weightsOf(lab: Lab, run = 'run-0') {
  return (await lab.session.read(run)).state.parameters
}
