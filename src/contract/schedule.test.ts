import { describe, expect, test } from 'vitest'
import type { ScheduleConfig } from './recipe-config.ts'
import { learningRateAt, stepsPerEpoch, totalSteps } from './schedule.ts'

const optimiser = {
  kind: 'sgd',
  learningRate: 0.1,
  momentum: 0.9,
  nesterov: false,
  weightDecay: 0,
  decays: 'all',
} as const

function rates(
  schedule: ScheduleConfig,
  steps: readonly number[],
  perEpoch = 391,
  total = 200 * 391,
): number[] {
  return steps.map((step) =>
    learningRateAt({ optimiser, schedule }, { step, stepsPerEpoch: perEpoch, totalSteps: total }),
  )
}

test('an epoch keeps its last, smaller batch: 50,000 images in batches of 128 are 391 steps', () => {
  expect(stepsPerEpoch(50_000, 128)).toBe(391)
  expect(stepsPerEpoch(128, 128)).toBe(1)
  expect(stepsPerEpoch(3, 128)).toBe(1)
})

test('a budget in iterations does not depend on the epoch', () => {
  expect(totalSteps({ unit: 'iteration', amount: 64_000 }, 391)).toBe(64_000)
  expect(totalSteps({ unit: 'epoch', amount: 200 }, 391)).toBe(78_200)
})

describe('step schedule', () => {
  test('by epoch, the rate falls with the first step of the milestone epoch and not before', () => {
    const schedule: ScheduleConfig = { kind: 'step', unit: 'epoch', milestones: [100, 150], factor: 0.1 }
    const [start, before, first, second] = rates(schedule, [0, 100 * 391 - 1, 100 * 391, 150 * 391])
    expect(start).toBe(0.1)
    expect(before).toBe(0.1)
    expect(first).toBeCloseTo(0.01, 12)
    expect(second).toBeCloseTo(0.001, 12)
  })

  test('by iteration, milestones count steps', () => {
    const schedule: ScheduleConfig = {
      kind: 'step',
      unit: 'iteration',
      milestones: [32_000, 48_000],
      factor: 0.1,
    }
    const found = rates(schedule, [31_999, 32_000, 48_000])
    expect(found[0]).toBeCloseTo(0.1, 12)
    expect(found[1]).toBeCloseTo(0.01, 12)
    expect(found[2]).toBeCloseTo(0.001, 12)
  })
})

describe('cosine schedule', () => {
  // torch.optim.lr_scheduler.CosineAnnealingLR(lr = 0.1, T_max = 10), epochs 0, 1, 5, 9.
  test('by epoch it agrees with PyTorch’s CosineAnnealingLR and is constant within an epoch', () => {
    const schedule = { kind: 'cosine', unit: 'epoch', warmup: 0 } as const
    const found = rates(schedule, [0, 4, 5 * 4, 9 * 4, 9 * 4 + 3], 4, 40)
    const wanted = [0.1, 0.09755282581475769, 0.05, 0.0024471741852423235, 0.0024471741852423235]
    found.forEach((rate, i) => expect(rate).toBeCloseTo(wanted[i] ?? Number.NaN, 12))
  })

  test('warms up linearly to the base rate, then falls at every iteration', () => {
    const schedule = { kind: 'cosine', unit: 'iteration', warmup: 4 } as const
    const found = rates(schedule, [0, 1, 3, 4, 52, 99], 10, 100)
    const wanted = [0.025, 0.05, 0.1, 0.1, 0.05, 0.05 * (1 + Math.cos((Math.PI * 95) / 96))]
    found.forEach((rate, i) => expect(rate).toBeCloseTo(wanted[i] ?? Number.NaN, 12))
  })
})

test('a constant schedule stays', () => {
  expect(rates({ kind: 'constant' }, [0, 78_199])).toEqual([0.1, 0.1])
})
