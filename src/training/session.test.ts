// The loop with the real CPU engine and real (built-in) images.
import { describe, expect, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import type { RunConfig } from '../config/run-config.ts'
import {
  begin,
  CONFIG,
  ENDLESS,
  engine,
  isIn,
  lastKept,
  sets,
  stoppedAfter,
  useSessions,
  weightsOf,
  WITHOUT,
} from '../testing/node/test-sessions.ts'
import { createGate } from '../testing/node/test-gate.ts'

useSessions()

test('a run goes through its budget, evaluates each epoch and finishes', async () => {
  const lab = begin([CONFIG])
  await lab.until(isIn(lab, 'finished'))
  const states = lab.states().filter((state, i, all) => state !== all[i - 1])
  expect(states).toEqual(['preparing', 'running', 'evaluating', 'running', 'evaluating', 'finished'])
  expect(lab.steps('run-0').map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6])
  expect(lab.eventsOf('epoch').map(({ epoch, step, test: { total } }) => ({ epoch, step, total }))).toEqual([
    { epoch: 1, step: 3, total: 6 },
    { epoch: 2, step: 6, total: 6 },
  ])
  for (const { test: tested, answers } of lab.eventsOf('epoch')) {
    const right = answers?.labels.filter((label, i) => label === answers.predicted[i])
    expect([answers?.labels.length, right?.length]).toEqual([6, tested.correct])
  }
  expect(lab.eventsOf('progress').at(-1)?.progress).toMatchObject({
    step: 6,
    totalSteps: 6,
    epoch: 2,
    stepInEpoch: 3,
    evaluated: null,
  })
  await lab.session.dispose()
})

test('an epoch’s training means are those of its steps, weighted by batch size', async () => {
  const lab = begin([{ ...CONFIG, batchSize: 5, budget: { unit: 'epoch', amount: 1 } }])
  await lab.until(isIn(lab, 'finished'))
  const [a, b, c] = lab.steps('run-0').map(({ loss }) => loss)
  const wanted = (5 * (a ?? 0) + 5 * (b ?? 0) + 2 * (c ?? 0)) / 12
  expect(lab.eventsOf('epoch')[0]?.train?.loss).toBeCloseTo(wanted, 6)
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
    expect(lab.eventsOf('session').at(-1)?.failure?.code).toBe('config-invalid')
  })
})

describe('control', () => {
  test('pausing stops new steps, and resuming goes on to the end', async () => {
    const gate = createGate({ closed: true })
    const lab = begin([CONFIG], { gate })
    await gate.letThrough(2)
    lab.session.pause()
    gate.open()
    await lab.until(isIn(lab, 'paused'))
    expect(lab.steps('run-0')).toHaveLength(2)
    // Were it not held, more than this step would be taken.
    lab.session.step()
    await lab.until(() => lab.steps('run-0').length > 2 && /paused|finished/.test(lab.states().at(-1) ?? ''))
    expect(lab.steps('run-0')).toHaveLength(3)
    expect(lab.states().at(-1)).toBe('paused')
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
    expect(lab.eventsOf('epoch')).toHaveLength(0)
    lab.session.step()
    await lab.until(() => lab.steps('run-0').length === 4 && isIn(lab, 'paused')())
    expect(lab.eventsOf('epoch')).toHaveLength(1)
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
    const lab = begin([ENDLESS])
    await lab.until(() => lab.steps('run-0').length > 0)
    lab.session.stop()
    await lab.until(isIn(lab, 'stopped'))
    const steps = lab.steps('run-0').length
    lab.session.resume()
    expect((await lab.session.read('run-0')).state.steps).toBe(steps)
    expect(lab.states().at(-1)).toBe('stopped')
    await lab.session.dispose()
  })

  test('extending a finished session trains on, and its budget says so', async () => {
    const lab = begin([{ ...CONFIG, budget: { unit: 'epoch', amount: 1 } }])
    await lab.until(isIn(lab, 'finished'))
    lab.session.extend(1)
    await lab.until(() => lab.steps('run-0').length === 6 && isIn(lab, 'finished')())
    expect(lab.eventsOf('session').at(-1)?.runs[0]?.config.budget).toEqual({ unit: 'epoch', amount: 2 })
    expect(lab.eventsOf('epoch').map(({ epoch }) => epoch)).toEqual([1, 2])
    await lab.session.dispose()
  })

  test('after disposal a run’s weights are gone, and reading them says so', async () => {
    const lab = begin([ENDLESS])
    await lab.until(isIn(lab, 'running'))
    await lab.session.dispose()
    await expect(lab.session.read('run-0')).rejects.toMatchObject({ code: 'session-unknown' })
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
    const lab = begin([CONFIG], { elapsed: () => (minutes += 0.25) * 60_000 })
    await lab.until(isIn(lab, 'finished'))
    const steps = lab.kept.map(([first]) => first?.checkpoint.state.steps)
    expect(steps.length).toBeGreaterThan(2)
    expect(steps).toEqual(expect.arrayContaining([3, 6]))
    await lab.session.dispose()
  })

  test.each([1, 2, 3, 4])(
    'of a pair after step %i is resumed to the same bits and metrics',
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
    expect(lab.eventsOf('epoch')).toEqual([])
    const resumed = begin([config], { from: lastKept(lab) })
    await resumed.until(() => resumed.eventsOf('epoch').length === 1)
    expect(resumed.steps('run-0')).toEqual([])
    expect(resumed.eventsOf('epoch')[0]).toMatchObject({ epoch: 1, step: 3 })
    await lab.session.dispose()
    await resumed.session.dispose()
  })

  test('of another run is refused', async () => {
    const from = await stoppedAfter([CONFIG], 1)
    const lab = begin([{ ...CONFIG, seed: 2 }], { from })
    await lab.until(isIn(lab, 'failed'))
    expect(lab.eventsOf('session').at(-1)?.failure).toMatchObject({
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
    const gate = createGate({ closed: true })
    const lab = begin([CONFIG, WITHOUT], { gate })
    // To the first epoch's end and its checkpoint, then one step more.
    while (lab.kept.length === 0) await gate.letThrough(1)
    await gate.letThrough(1)
    lab.session.loseEngine(LOST)
    gate.open()
    await lab.until(isIn(lab, 'finished'))
    expect(lab.replaced).toEqual([null, engine])
    expect(lab.eventsOf('rewound')).toEqual(
      ['run-0', 'run-1'].map((run) => ({ kind: 'rewound', run, step: 3 })),
    )
    expect(lastKept(lab)).toEqual(lastKept(straight))
    const { notice } = lab.eventsOf('session').at(-1) ?? {}
    expect(notice).toMatch(/^The graphics device was lost\. This was at step 4; .* checkpoint of step 3\.$/)
    expect(lab.eventsOf('log').map(({ text }) => text)).toContain(notice)
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
    expect(lab.eventsOf('rewound')).toMatchObject([{ step: 1 }])
    lab.session.resume()
    await lab.until(isIn(lab, 'finished'))
    await lab.session.dispose()
  })

  test('lost twice after the same checkpoint fails the session, which keeps that checkpoint’s weights', async () => {
    const gate = createGate({ closed: true })
    const lab = begin([CONFIG], { gate })
    await gate.letThrough(1)
    lab.session.loseEngine(LOST)
    // It finds the loss and compiles anew, then takes the first step again: nothing is kept yet.
    await gate.letThrough(2)
    expect(lab.replaced).toHaveLength(2)
    lab.session.loseEngine(LOST)
    gate.open()
    await lab.until(isIn(lab, 'failed'))
    expect(lab.eventsOf('session').at(-1)?.failure?.message).toMatch(
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

  test('a run that diverges ends alone with its last finite weights; the other run goes on', async () => {
    const budget = { unit: 'epoch', amount: 6 } as const
    const lab = begin([
      { ...CONFIG, budget },
      { ...POISONED, budget },
    ])
    await lab.until(isIn(lab, 'finished'))
    const [healthy, poisoned] = lab.eventsOf('session').at(-1)?.runs ?? []
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
    const failure = lab.eventsOf('session').at(-1)?.failure
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
    expect(lab.eventsOf('session').at(-1)?.failure?.message).toBe('CIFAR-10 is not stored here.')
  })
})

test('a clock that is set back and forward by hours changes no duration, and is what records are dated by', async () => {
  const HOUR_MS = 3_600_000
  let looks = 0
  // Each look finds the clock three hours ahead or behind.
  const now = () => Date.UTC(2026, 0, 1) + (looks++ % 2 === 0 ? 3 : -3) * HOUR_MS
  let ticks = 0
  const lab = begin([CONFIG], { now, elapsed: () => ++ticks })
  await lab.until(isIn(lab, 'finished'))
  const reports = lab.eventsOf('progress').map(({ progress }) => progress)
  for (const { secondsElapsed, secondsLeft, imagesPerSecond } of reports) {
    expect(secondsElapsed).toBeGreaterThanOrEqual(0)
    expect(secondsElapsed).toBeLessThanOrEqual(ticks / 1000)
    // Null where it is not known yet.
    expect(secondsLeft ?? 0).toBeGreaterThanOrEqual(0)
    expect(imagesPerSecond ?? 1).toBeGreaterThan(0)
  }
  const trained = reports.map(({ secondsElapsed }) => secondsElapsed)
  expect(trained).toEqual(trained.toSorted((a, b) => a - b))
  expect(reports.some(({ secondsLeft }) => secondsLeft !== null && secondsLeft > 0)).toBe(true)
  // One checkpoint an epoch, for no two minutes have passed.
  expect(lab.kept).toHaveLength(2)
  for (const { at } of lab.eventsOf('epoch')) expect(Math.abs(at - Date.UTC(2026, 0, 1))).toBe(3 * HOUR_MS)
  await lab.session.dispose()
})
