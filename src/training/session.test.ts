// The loop with the real interpreter on tfjs's CPU backend and real (built-in) images.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../contract/app-error.ts'
import { IMAGE_BYTES, type Split } from '../contract/data-set.ts'
import type { TrainEvent } from '../contract/events.ts'
import type { RunConfig } from '../contract/run-config.ts'
import { generateBuiltinSet } from '../data/builtin-set.ts'
import type { ImageSet } from '../data/image-set.ts'
import type { Engine } from '../engine/engine.ts'
import { createTfjsEngine } from '../engine/tfjs/tfjs-engine.ts'
import { heNetwork } from '../network/systems/he.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { KeptCheckpoint } from './lockstep.ts'
import { Session } from './session.ts'
import {
  computeWhitening,
  type Whiten,
  type WhiteningOrder,
  whitenWith,
} from './whitening/compute-whitening.ts'

const CONFIG: RunConfig = {
  version: 2,
  preset: null,
  data: { set: 'builtin', limitTrain: 12, limitTest: 6 },
  network: heNetwork({ n: 1, width: 2 }),
  optimiser: {
    kind: 'sgd',
    learningRate: 0.05,
    momentum: 0.9,
    nesterov: false,
    weightDecay: 1e-4,
    decays: 'all',
  },
  schedule: { kind: 'constant' },
  budget: { unit: 'epoch', amount: 2 },
  batchSize: 4,
  labelSmoothing: 0,
  augmentation: { rotation: 0, cropPadding: 4, cropReachesEnd: true, flip: true },
  normalisation: { kind: 'channels', mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
  whitening: null,
  seed: 1,
}
const WITHOUT: RunConfig = { ...CONFIG, network: { ...CONFIG.network, identity: false } }

let engine: Engine
let sets: Record<Split, ImageSet>

beforeAll(async () => {
  engine = await createTfjsEngine({ backend: 'cpu', onFailure: () => undefined })
  sets = generateBuiltinSet()
})
afterAll(() => engine.dispose())

type EventOf<K extends TrainEvent['kind']> = Extract<TrainEvent, { kind: K }>

type Begin = {
  readonly paused?: boolean
  /** Of the runs, in their order. */
  readonly from?: readonly Checkpoint[]
  readonly now?: () => number
  readonly whiten?: Whiten
}

function begin(
  configs: readonly RunConfig[],
  { paused = false, from = [], now = () => Date.now(), whiten = whitenWith(computeWhitening) }: Begin = {},
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
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
    },
  )
  const of = <K extends TrainEvent['kind']>(kind: K) =>
    events.filter((event): event is EventOf<K> => event.kind === kind)
  return {
    session,
    /** What was kept, oldest first. */
    kept,
    /** What each request for an engine was to replace. */
    replaced,
    of,
    states: () => of('session').map(({ state }) => state),
    steps: (run: string) =>
      of('steps')
        .filter((event) => event.run === run)
        .flatMap(({ points }) => points),
    /** Waits for an event after which `reached` holds. */
    async until(reached: () => boolean) {
      while (!reached()) {
        const failure = of('session').at(-1)?.failure
        if (failure) throw new Error(failure.details ?? failure.message)
        await new Promise<void>((resolve) => {
          heard.push(resolve)
        })
      }
    },
  }
}

type Lab = ReturnType<typeof begin>
const isIn = (lab: Lab, state: string) => () => lab.states().at(-1) === state

/** The last checkpoints kept, in the order of the runs. */
const lastKept = (lab: Lab): Checkpoint[] => lab.kept.at(-1)?.map(({ checkpoint }) => checkpoint) ?? []

/** The checkpoints of runs that were stopped once `steps` steps were taken. */
async function stoppedAfter(
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

async function weightsOf(lab: Lab, run = 'run-0') {
  return (await lab.session.read(run)).state.parameters
}

test('a run goes through its budget, evaluates each epoch and finishes', async () => {
  const lab = begin([CONFIG])
  await lab.until(isIn(lab, 'finished'))
  const states = lab.states().filter((state, i, all) => state !== all[i - 1])
  expect(states).toEqual(['preparing', 'running', 'evaluating', 'running', 'evaluating', 'finished'])
  expect(lab.steps('run-0').map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6])
  expect(lab.of('epoch').map(({ epoch, step, test: { total } }) => ({ epoch, step, total }))).toEqual([
    { epoch: 1, step: 3, total: 6 },
    { epoch: 2, step: 6, total: 6 },
  ])
  expect(lab.of('progress').at(-1)?.progress).toMatchObject({
    step: 6,
    totalSteps: 6,
    epoch: 2,
    stepInEpoch: 3,
  })
  await lab.session.dispose()
})

test('an epoch’s training means are those of its steps, weighted by batch size', async () => {
  const lab = begin([{ ...CONFIG, batchSize: 5, budget: { unit: 'epoch', amount: 1 } }])
  await lab.until(isIn(lab, 'finished'))
  const [a, b, c] = lab.steps('run-0').map(({ loss }) => loss)
  const wanted = (5 * (a ?? 0) + 5 * (b ?? 0) + 2 * (c ?? 0)) / 12
  expect(lab.of('epoch')[0]?.train.loss).toBeCloseTo(wanted, 6)
  await lab.session.dispose()
})

describe('a pair', () => {
  test('takes the same steps on the same batches: two equal configs have equal losses', async () => {
    const lab = begin([CONFIG, CONFIG])
    await lab.until(isIn(lab, 'finished'))
    expect(lab.steps('run-0')).toHaveLength(6)
    expect(lab.steps('run-1')).toEqual(lab.steps('run-0'))
    await lab.session.dispose()
  })

  test('with and without identity begins with the same values', async () => {
    const lab = begin([CONFIG, WITHOUT], { paused: true })
    await lab.until(isIn(lab, 'paused'))
    expect(await weightsOf(lab, 'run-1')).toEqual(await weightsOf(lab, 'run-0'))
    await lab.session.dispose()
  })

  test('whose runs would see different images is refused', async () => {
    const lab = begin([CONFIG, { ...WITHOUT, seed: 2 }])
    await lab.until(isIn(lab, 'failed'))
    expect(lab.of('session').at(-1)?.failure?.code).toBe('config-invalid')
  })
})

describe('control', () => {
  test('pausing stops new steps, and resuming goes on to the end', async () => {
    const lab = begin([CONFIG])
    await lab.until(() => lab.steps('run-0').length > 0)
    lab.session.pause()
    await lab.until(isIn(lab, 'paused'))
    const before = lab.steps('run-0').length
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(lab.steps('run-0')).toHaveLength(before)
    expect(before).toBeLessThan(6)
    lab.session.resume()
    await lab.until(isIn(lab, 'finished'))
    expect(lab.steps('run-0')).toHaveLength(6)
    await lab.session.dispose()
  })

  test('a step is one step of every run', async () => {
    const lab = begin([CONFIG, WITHOUT], { paused: true })
    await lab.until(isIn(lab, 'paused'))
    for (const wanted of [1, 2]) {
      lab.session.step()
      await lab.until(() => lab.steps('run-1').length === wanted && isIn(lab, 'paused')())
      expect(lab.steps('run-0')).toHaveLength(wanted)
    }
    await lab.session.dispose()
  })

  test('a step asked for in the middle of an evaluation finishes it, then takes the step', async () => {
    const lab = begin([{ ...CONFIG, data: { ...CONFIG.data, limitTest: 400 } }])
    await lab.until(isIn(lab, 'evaluating'))
    lab.session.pause()
    await lab.until(isIn(lab, 'paused'))
    expect(lab.of('epoch')).toHaveLength(0)
    lab.session.step()
    await lab.until(() => lab.steps('run-0').length === 4 && isIn(lab, 'paused')())
    expect(lab.of('epoch')).toHaveLength(1)
    await lab.session.dispose()
  })

  test('a run that was paused after every step ends bit for bit like one that was not', async () => {
    const straight = begin([CONFIG])
    await straight.until(isIn(straight, 'finished'))
    const stepped = begin([CONFIG], { paused: true })
    await stepped.until(isIn(stepped, 'paused'))
    for (let i = 1; i <= 6; i++) {
      stepped.session.step()
      await stepped.until(
        () => stepped.steps('run-0').length === i && /paused|finished/.test(stepped.states().at(-1) ?? ''),
      )
    }
    expect(await weightsOf(stepped)).toEqual(await weightsOf(straight))
    await straight.session.dispose()
    await stepped.session.dispose()
  })

  test('stopping ends training for good, and the weights can still be read', async () => {
    const lab = begin([CONFIG])
    await lab.until(() => lab.steps('run-0').length > 0)
    lab.session.stop()
    await lab.until(isIn(lab, 'stopped'))
    lab.session.resume()
    const steps = lab.steps('run-0').length
    expect((await lab.session.read('run-0')).state.steps).toBe(steps)
    expect(steps).toBeLessThan(6)
    await lab.session.dispose()
  })

  test('extending a finished session trains on, and its budget says so', async () => {
    const lab = begin([{ ...CONFIG, budget: { unit: 'epoch', amount: 1 } }])
    await lab.until(isIn(lab, 'finished'))
    lab.session.extend(1)
    await lab.until(() => lab.steps('run-0').length === 6 && isIn(lab, 'finished')())
    expect(lab.of('session').at(-1)?.runs[0]?.config.budget).toEqual({ unit: 'epoch', amount: 2 })
    expect(lab.of('epoch').map(({ epoch }) => epoch)).toEqual([1, 2])
    await lab.session.dispose()
  })

  test('after disposal a run’s weights are gone, and reading them says so', async () => {
    const lab = begin([CONFIG])
    await lab.until(isIn(lab, 'running'))
    await lab.session.dispose()
    await expect(lab.session.read('run-0')).rejects.toMatchObject({ code: 'session-unknown' })
  })
})

describe('a whitening', () => {
  const WHITENED: RunConfig = {
    ...CONFIG,
    data: { ...CONFIG.data, limitTrain: 4, limitTest: 2 },
    batchSize: 2,
    budget: { unit: 'epoch', amount: 1 },
    whitening: { kind: 'author' },
  }

  /** Turns images by a row and dims them: a real whitening takes minutes. */
  const turn: Whiten = async (_order, _engine, pause) => {
    for (const share of [0, 0.415, 0.99]) await pause(share)
    const matrix = new Float32Array(IMAGE_BYTES ** 2)
    for (let i = 0; i < IMAGE_BYTES; i++) matrix[i * IMAGE_BYTES + ((i + 96) % IMAGE_BYTES)] = 0.5
    return { matrix, mean: new Float32Array(IMAGE_BYTES).fill(0.1) }
  }

  test('is computed of the run’s training images before the first step, and its progress is a phase', async () => {
    const orders: WhiteningOrder[] = []
    const whiten: Whiten = (order, ...rest) => {
      orders.push(order)
      return turn(order, ...rest)
    }
    const lab = begin([WHITENED], { whiten })
    await lab.until(isIn(lab, 'finished'))
    const phases = lab.of('session').map(({ phase }) => phase)
    expect(phases).toContainEqual(
      expect.stringMatching(/^computing the whitening, 41 %, about \d+ \w+ left$/),
    )
    expect(orders).toEqual([expect.objectContaining({ normalisation: CONFIG.normalisation })])
    expect(orders[0]?.images.count).toBe(4)
    await lab.session.dispose()
  })

  test('changes what the network is given', async () => {
    const [plain, whitened] = [begin([{ ...WHITENED, whitening: null }]), begin([WHITENED], { whiten: turn })]
    await plain.until(isIn(plain, 'finished'))
    await whitened.until(isIn(whitened, 'finished'))
    expect(whitened.steps('run-0')[0]?.loss).not.toBe(plain.steps('run-0')[0]?.loss)
    for (const lab of [plain, whitened]) await lab.session.dispose()
  })

  test('under way ends when the session is stopped', async () => {
    const lab = begin([WHITENED], {
      async whiten(_order, _engine, pause) {
        for (;;) await pause(0.5)
      },
    })
    await lab.until(() => lab.of('session').some(({ phase }) => phase?.includes('50 %')))
    lab.session.stop()
    await lab.until(isIn(lab, 'stopped'))
    expect(lab.of('session').at(-1)?.failure).toBeNull()
    expect((await lab.session.read('run-0')).state.steps).toBe(0)
    await lab.session.dispose()
  })

  test('that cannot be computed fails the session with its sentence', async () => {
    const lab = begin([WHITENED], {
      whiten: () => Promise.reject(new AppError('internal', 'The thread ended.')),
    })
    await lab.until(isIn(lab, 'failed'))
    expect(lab.of('session').at(-1)?.failure?.message).toBe('The thread ended.')
    await lab.session.dispose()
  })

  test('is part of a resumed run, which ends with the same bits', async () => {
    const straight = begin([WHITENED], { whiten: turn })
    await straight.until(isIn(straight, 'finished'))
    const from = await stoppedAfter([WHITENED], 1, turn)
    const resumed = begin([WHITENED], { from, whiten: turn })
    await resumed.until(isIn(resumed, 'finished'))
    expect(lastKept(resumed)).toEqual(lastKept(straight))
    for (const lab of [straight, resumed]) await lab.session.dispose()
  })
})

describe('a checkpoint', () => {
  const PAIR = [CONFIG, WITHOUT]

  test('is kept at each epoch’s end, with the metrics of every step so far', async () => {
    const lab = begin([CONFIG])
    await lab.until(isIn(lab, 'finished'))
    expect(lab.kept.map(([first]) => first?.checkpoint.state.steps)).toEqual([3, 6])
    expect(lastKept(lab)[0]?.points).toEqual(lab.steps('run-0'))
    expect(lastKept(lab)[0]?.epochs.map(({ step }) => step)).toEqual([3, 6])
    await lab.session.dispose()
  })

  test('is kept within an epoch as well where that takes more than two minutes', async () => {
    let minutes = 0
    const lab = begin([CONFIG], { now: () => (minutes += 0.25) * 60_000 })
    await lab.until(isIn(lab, 'finished'))
    const steps = lab.kept.map(([first]) => first?.checkpoint.state.steps)
    expect(steps.length).toBeGreaterThan(2)
    expect(steps).toEqual(expect.arrayContaining([3, 6]))
    await lab.session.dispose()
  })

  test.each([1, 2, 3, 4])(
    'of a pair after step %i is resumed to the same bits and figures',
    async (steps) => {
      const straight = begin(PAIR)
      await straight.until(isIn(straight, 'finished'))
      const from = await stoppedAfter(PAIR, steps)
      expect(from.map(({ state }) => state.steps)).toEqual([steps, steps])
      const resumed = begin(PAIR, { from })
      await resumed.until(isIn(resumed, 'finished'))
      expect(lastKept(resumed)).toEqual(lastKept(straight))
      expect(resumed.steps('run-1')[0]?.step).toBe(steps + 1)
      await straight.session.dispose()
      await resumed.session.dispose()
    },
  )

  test('from the end of a budget within an epoch is resumed as if the budget had been longer', async () => {
    const until = (amount: number): RunConfig => ({ ...CONFIG, budget: { unit: 'iteration', amount } })
    const straight = begin([until(5)])
    await straight.until(isIn(straight, 'finished'))
    const short = begin([until(2)])
    await short.until(isIn(short, 'finished'))
    expect(lastKept(short)[0]?.epochs.map(({ step }) => step)).toEqual([2])
    const resumed = begin([until(5)], { from: lastKept(short) })
    await resumed.until(isIn(resumed, 'finished'))
    expect(lastKept(resumed)).toEqual(lastKept(straight))
    for (const lab of [straight, short, resumed]) await lab.session.dispose()
  })

  test('from the middle of an evaluation is evaluated first when it is resumed', async () => {
    const config = { ...CONFIG, data: { ...CONFIG.data, limitTest: 400 } }
    const lab = begin([config])
    await lab.until(isIn(lab, 'evaluating'))
    lab.session.stop()
    await lab.until(isIn(lab, 'stopped'))
    expect(lab.of('epoch')).toEqual([])
    const resumed = begin([config], { from: lastKept(lab) })
    await resumed.until(() => resumed.of('epoch').length === 1)
    expect(resumed.steps('run-0')).toEqual([])
    expect(resumed.of('epoch')[0]).toMatchObject({ epoch: 1, step: 3 })
    await lab.session.dispose()
    await resumed.session.dispose()
  })

  test('of another run is refused', async () => {
    const from = await stoppedAfter([CONFIG], 1)
    const lab = begin([{ ...CONFIG, seed: 2 }], { from })
    await lab.until(isIn(lab, 'failed'))
    expect(lab.of('session').at(-1)?.failure).toMatchObject({
      code: 'checkpoint-mismatch',
      message: expect.stringContaining('seed'),
    })
  })
})

describe('a lost device', () => {
  const LOST = new AppError('device-lost', 'The graphics device was lost.')

  test('is replaced, and a pair ends bit for bit as if nothing had happened', async () => {
    const straight = begin([CONFIG, WITHOUT])
    await straight.until(isIn(straight, 'finished'))
    const lab = begin([CONFIG, WITHOUT])
    await lab.until(() => lab.steps('run-0').length >= 4)
    lab.session.loseEngine(LOST)
    await lab.until(isIn(lab, 'finished'))
    expect(lab.replaced).toEqual([null, engine])
    expect(lab.of('rewound')).toEqual(['run-0', 'run-1'].map((run) => ({ kind: 'rewound', run, step: 3 })))
    expect(lastKept(lab)).toEqual(lastKept(straight))
    const { notice } = lab.of('session').at(-1) ?? {}
    expect(notice).toMatch(/^The graphics device was lost\. This was at step \d; .* checkpoint of step 3\.$/)
    expect(lab.of('log').map(({ text }) => text)).toContain(notice)
    await lab.session.dispose()
    await straight.session.dispose()
  })

  test('while a person pauses is replaced, and the session stays paused where it was', async () => {
    const lab = begin([CONFIG], { paused: true })
    await lab.until(isIn(lab, 'paused'))
    lab.session.step()
    await lab.until(() => lab.steps('run-0').length === 1 && isIn(lab, 'paused')())
    lab.session.loseEngine(LOST)
    await lab.until(() => lab.replaced.length === 2 && isIn(lab, 'paused')())
    expect(lab.of('rewound')).toMatchObject([{ step: 1 }])
    lab.session.resume()
    await lab.until(isIn(lab, 'finished'))
    await lab.session.dispose()
  })

  test('lost twice after the same checkpoint fails the session, which keeps that checkpoint’s weights', async () => {
    const budget = { unit: 'epoch', amount: 50 } as const
    const lab = begin([{ ...CONFIG, data: { ...CONFIG.data, limitTrain: 200 }, budget }])
    await lab.until(() => lab.steps('run-0').length >= 1)
    lab.session.loseEngine(LOST)
    await lab.until(() => lab.replaced.length === 2 && isIn(lab, 'running')())
    lab.session.loseEngine(LOST)
    await lab.until(isIn(lab, 'failed'))
    expect(lab.of('session').at(-1)?.failure?.message).toMatch(
      /^The graphics device was lost\. It was the second time after step 0, whose weights are kept;/,
    )
    expect((await lab.session.read('run-0')).state.steps).toBe(0)
    await lab.session.dispose()
  })
})

describe('failure', () => {
  const POISONED: RunConfig = {
    ...WITHOUT,
    optimiser: { ...CONFIG.optimiser, learningRate: 100, weightDecay: 1 },
  }

  test('a run that diverges ends alone with its last good weights; its twin goes on', async () => {
    const budget = { unit: 'epoch', amount: 6 } as const
    const lab = begin([
      { ...CONFIG, budget },
      { ...POISONED, budget },
    ])
    await lab.until(isIn(lab, 'finished'))
    const [healthy, poisoned] = lab.of('session').at(-1)?.runs ?? []
    expect(healthy?.failure).toBeNull()
    expect(poisoned?.failure?.code).toBe('training-diverged')
    expect(lab.steps('run-0')).toHaveLength(18)
    expect(lab.steps('run-1').every(({ loss }) => Number.isFinite(loss))).toBe(true)
    const { state } = await lab.session.read('run-1')
    expect(Object.values(state.parameters).every((values) => values.every(Number.isFinite))).toBe(true)
    await lab.session.dispose()
  })

  test('a session whose only run diverges has failed, and says what to do', async () => {
    const lab = begin([{ ...POISONED, budget: { unit: 'epoch', amount: 6 } }])
    await lab.until(isIn(lab, 'failed'))
    const failure = lab.of('session').at(-1)?.failure
    expect(failure?.code).toBe('training-diverged')
    expect(failure?.message).toContain('lower the learning rate')
    await lab.session.dispose()
  })

  test('images that cannot be read end the session in their own words', async () => {
    const broken = sets.train
    sets.train = new Proxy(broken, {
      get: () => {
        throw new AppError('data-set-absent', 'CIFAR-10 is not stored here.')
      },
    })
    const lab = begin([CONFIG])
    await lab.until(isIn(lab, 'failed'))
    sets.train = broken
    expect(lab.of('session').at(-1)?.failure?.message).toBe('CIFAR-10 is not stored here.')
  })
})
