import { describe, expect, test } from 'vitest'
import fixture from '../testing/fixtures/schedules.json' with { type: 'json' }
import { rateResults } from './rate-results.ts'
import {
  type ScheduleConfig,
  scheduleConfigSchema,
  type WarmupConfig,
  warmupConfigSchema,
} from './recipe-config.ts'
import { learningRateAt, type RateResults, stepsPerEpoch, totalSteps } from './schedule.ts'

const optimiser = {
  kind: 'sgd',
  learningRate: fixture.rate,
  momentum: 0.9,
  nesterov: false,
  weightDecay: 0,
  decays: 'all',
} as const

const NO_RESULTS: RateResults = { errorIsLowFrom: null, plateauRate: fixture.rate }

type Run = {
  readonly warmup?: WarmupConfig | null
  readonly perEpoch?: number
  readonly total?: number
  readonly results?: RateResults
}

function rates(
  schedule: ScheduleConfig,
  steps: readonly number[],
  { warmup = null, perEpoch = 391, total = 200 * 391, results = NO_RESULTS }: Run = {},
): number[] {
  return steps.map((step) =>
    learningRateAt(
      { optimiser, schedule, warmup },
      { step, stepsPerEpoch: perEpoch, totalSteps: total },
      results,
    ),
  )
}

const close = (wanted: readonly number[]) => wanted.map((rate): unknown => expect.closeTo(rate, 12))

test('an epoch keeps its last, smaller batch: 50,000 images in batches of 128 are 391 steps', () => {
  expect(stepsPerEpoch(50_000, 128)).toBe(391)
  expect(stepsPerEpoch(128, 128)).toBe(1)
  expect(stepsPerEpoch(3, 128)).toBe(1)
})

test('a budget in iterations does not depend on the epoch', () => {
  expect(totalSteps({ unit: 'iteration', amount: 64_000 }, 391)).toBe(64_000)
  expect(totalSteps({ unit: 'epoch', amount: 200 }, 391)).toBe(78_200)
})

describe('PyTorch’s schedulers have the same rates', () => {
  // One step an epoch: PyTorch's schedules count calls.
  test.each(fixture.cases)('$schedule.kind, warm-up $warmup.length, over $rates.length steps', (wanted) => {
    const schedule = scheduleConfigSchema.parse(wanted.schedule)
    const warmup = warmupConfigSchema.nullable().parse(wanted.warmup)
    const total = wanted.rates.length
    const steps = wanted.rates.map((_, step) => step)
    expect(rates(schedule, steps, { warmup, perEpoch: 1, total })).toEqual(close(wanted.rates))
  })

  test.each(fixture.plateaus)('plateau of $schedule.watches, patience $schedule.patience', (wanted) => {
    const schedule = scheduleConfigSchema.parse(wanted.schedule)
    const epochs = wanted.metrics.map((metric, i) => ({
      step: 2 * (i + 1),
      validation: null,
      test: { loss: metric, accuracy: metric },
    }))
    const found = epochs.map(({ step }, i) => {
      const results = rateResults({ optimiser, schedule, warmup: null }, 2, [], epochs.slice(0, i + 1))
      return rates(schedule, [step], { perEpoch: 2, total: 1000, results })[0] ?? 0
    })
    expect(found).toEqual(close(wanted.rates))
  })
})

describe('step schedule', () => {
  test('by epoch, the rate falls with the first step of the milestone epoch and not before', () => {
    const schedule: ScheduleConfig = { kind: 'step', unit: 'epoch', milestones: [100, 150], factor: 0.1 }
    expect(rates(schedule, [0, 100 * 391 - 1, 100 * 391, 150 * 391])).toEqual(close([0.1, 0.1, 0.01, 0.001]))
  })

  test('by iteration, milestones count steps', () => {
    const schedule: ScheduleConfig = {
      kind: 'step',
      unit: 'iteration',
      milestones: [32_000, 48_000],
      factor: 0.1,
    }
    expect(rates(schedule, [31_999, 32_000, 48_000])).toEqual(close([0.1, 0.01, 0.001]))
  })
})

test('an exponential schedule by epoch is iavicenna’s: lr · e^(−0.01 · epoch), constant within an epoch', () => {
  const schedule = { kind: 'exponential', unit: 'epoch', rate: 0.01 } as const
  expect(rates(schedule, [0, 390, 391, 299 * 391])).toEqual(
    close([0.1, 0.1, 0.1 * Math.exp(-0.01), 0.1 * Math.exp(-2.99)]),
  )
})

describe('cosine schedule', () => {
  test('by epoch it is constant within an epoch', () => {
    const schedule = { kind: 'cosine', unit: 'epoch' } as const
    const [start, later] = rates(schedule, [9 * 4, 9 * 4 + 3], { perEpoch: 4, total: 40 })
    expect(start).toBeCloseTo(0.0024471741852423235, 12)
    expect(later).toBe(start)
  })

  test('by iteration it falls over the steps that a warm-up of one epoch leaves', () => {
    const schedule = { kind: 'cosine', unit: 'iteration' } as const
    const warmup = { kind: 'linear', unit: 'epoch', length: 2 } as const
    const found = rates(schedule, [0, 9, 10, 20, 60, 99], { warmup, perEpoch: 10, total: 100 })
    expect(found).toEqual(close([0.05, 0.05, 0.1, 0.1, 0.05, 0.05 * (1 + Math.cos((Math.PI * 79) / 80))]))
  })
})

test('a schedule within a warm-up that takes the whole budget stays finite', () => {
  const warmup = { kind: 'linear', unit: 'iteration', length: 10 } as const
  for (const schedule of [
    { kind: 'cosine', unit: 'iteration' },
    { kind: 'one-cycle', rise: 0.3, startDivisor: 25, endDivisor: 1e4 },
  ] as const) {
    const found = rates(schedule, [0, 4, 9, 10, 11], { warmup, perEpoch: 1, total: 10 })
    expect(found.every((rate) => rate >= 0 && rate <= 0.1)).toBe(true)
  }
})

test('a constant schedule stays', () => {
  expect(rates({ kind: 'constant' }, [0, 78_199])).toEqual([0.1, 0.1])
})

describe('a warm-up until the training error is low', () => {
  const warmup = { kind: 'until-training-error', rate: 0.01, error: 0.8 } as const
  const schedule: ScheduleConfig = { kind: 'step', unit: 'iteration', milestones: [320], factor: 0.1 }
  const points = (count: number, accuracy: (step: number) => number) =>
    Array.from({ length: count }, (_, step) => ({ accuracy: accuracy(step) }))
  const lowFrom = (measured: readonly { accuracy: number }[]) =>
    rateResults({ optimiser, schedule, warmup }, 391, measured, []).errorIsLowFrom

  test('keeps its own rate before, and the schedule’s from there on, whose milestones count from the first step', () => {
    const results = { ...NO_RESULTS, errorIsLowFrom: 300 }
    expect(rates(schedule, [0, 319], { warmup })).toEqual(close([0.01, 0.01]))
    expect(rates(schedule, [300, 319, 320], { warmup, results })).toEqual(close([0.1, 0.1, 0.01]))
  })

  test('ends with the first window of 100 steps whose mean error is below the bound, and not within one', () => {
    const improving = points(450, (step) => (step < 250 ? 0.1 : 0.4))
    // Steps 200 … 299: half at 0.1, half at 0.4, so an error of 0.75.
    expect(lowFrom(improving)).toBe(300)
    expect(lowFrom(improving.slice(0, 299))).toBeNull()
    expect(lowFrom(points(450, () => 0.15))).toBeNull()
  })

  test('does not come back where the error rises again', () => {
    expect(lowFrom(points(300, (step) => (step < 100 ? 0.5 : 0)))).toBe(100)
  })
})

describe('a plateau', () => {
  const schedule = scheduleConfigSchema.parse({
    kind: 'plateau',
    watches: 'accuracy',
    factor: 0.1,
    patience: 0,
    threshold: 0,
    cooldown: 0,
    minRate: 0,
  })
  const rateAfter = (epochs: Parameters<typeof rateResults>[3]) =>
    rateResults({ optimiser, schedule, warmup: null }, 10, [], epochs).plateauRate
  const epoch = (step: number, accuracy: number, validation: number | null = null) => ({
    step,
    validation: validation === null ? null : { loss: 0, accuracy: validation },
    test: { loss: 0, accuracy },
  })

  test('is judged by the validation images where some are set aside', () => {
    expect(rateAfter([epoch(10, 0.1, 0.5), epoch(20, 0.2, 0.4)])).toBeCloseTo(0.01, 12)
    expect(rateAfter([epoch(10, 0.2, 0.4), epoch(20, 0.1, 0.5)])).toBe(0.1)
  })

  test('does not count what was measured before training, nor within an epoch', () => {
    expect(rateAfter([epoch(0, 0.9), epoch(10, 0.5), epoch(15, 0.1)])).toBe(0.1)
    expect(rateAfter([epoch(10, 0.5), epoch(20, 0.1)])).toBeCloseTo(0.01, 12)
  })
})
