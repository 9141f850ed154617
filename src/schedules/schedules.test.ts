// What the lab expects of every schedule and warm-up; src/config/schedule.test.ts compares their rates with PyTorch's.
import { describe, expect, test } from 'vitest'
import { describeKind } from '../testing/suites/kind-suite.ts'
import { exponential } from './exponential.ts'
import { scheduleConfigSchema, SCHEDULES } from './index.ts'
import { step } from './step.ts'
import { warmupConfigSchema, WARMUPS } from './warmups/index.ts'
import { linear } from './warmups/linear.ts'

const PER_EPOCH = 391
const RUNS = [
  { unit: 'epoch', units: 1, isValidated: false },
  { unit: 'epoch', units: 200, isValidated: true },
  { unit: 'iteration', units: 1, isValidated: true },
  { unit: 'iteration', units: 64_000, isValidated: false },
] as const

const SAMPLES = 1000

/** Where a run begins, ends, and is in between. */
function positions(totalSteps: number) {
  const steps = Array.from({ length: SAMPLES + 1 }, (_, i) => Math.round((i * (totalSteps - 1)) / SAMPLES))
  return [...new Set(steps)].map((at) => ({ step: at, stepsPerEpoch: PER_EPOCH, totalSteps }))
}

test('every schedule and every warm-up has a name of its own, in the config and on the page', () => {
  for (const kinds of [SCHEDULES, WARMUPS]) {
    expect(new Set(kinds.map(({ kind }) => kind)).size).toBe(kinds.length)
    expect(new Set(kinds.map(({ label }) => label)).size).toBe(kinds.length)
  }
})

describe.each(SCHEDULES.map((schedule) => [schedule.kind, schedule] as const))('%s', (_, schedule) => {
  const [run] = RUNS
  describeKind(schedule, schedule.defaultsFor(run), scheduleConfigSchema)

  test.each(RUNS)('for $units $unit: valid defaults, and rates from 0 to the base', (length) => {
    const config = schedule.defaultsFor(length)
    expect(scheduleConfigSchema.parse(config)).toEqual(config)
    expect(schedule.check(config)).toBeNull()
    const total = length.unit === 'epoch' ? length.units * PER_EPOCH : length.units
    for (const begin of [0, Math.floor(total / 5)]) {
      const factors = positions(total).map((at) => schedule.factor(config, at, begin))
      expect(factors.every((factor) => factor >= 0 && factor <= 1)).toBe(true)
    }
  })

  test('comes back from another unit as it was', () => {
    const config = schedule.defaultsFor({ unit: 'epoch', units: 200, isValidated: false })
    const there = schedule.inUnit(config, 'iteration', PER_EPOCH)
    expect(scheduleConfigSchema.parse(there)).toEqual(there)
    expect(schedule.inUnit(there, 'epoch', PER_EPOCH)).toEqual(config)
  })

  test('sets the factor in a PyTorch script, and has a plateau there if it goes by results', () => {
    const config = schedule.defaultsFor(run)
    expect(schedule.pytorch.factor(config).join('\n')).toContain('factor = ')
    const goesByResults = schedule.baseRate !== undefined
    expect(schedule.pytorch.plateau !== undefined).toBe(goesByResults)
    expect(schedule.drawnAs !== undefined).toBe(goesByResults)
    expect(schedule.baseRate?.(config, 0.1, []) ?? 0.1).toBe(0.1)
  })
})

describe.each(WARMUPS.map((warmup) => [warmup.kind, warmup] as const))('the warm-up %s', (_, warmup) => {
  const { defaults, byResults } = warmup
  describeKind(warmup, defaults, warmupConfigSchema)

  test('has a finite ramp above 0, whole steps, and a rate where only results end it', () => {
    const steps = warmup.steps(defaults, PER_EPOCH)
    expect(Number.isInteger(steps)).toBe(true)
    const ramps = positions(5 * PER_EPOCH).map((at) => warmup.ramp(defaults, at))
    expect(ramps.every((ramp) => ramp > 0 && Number.isFinite(ramp))).toBe(true)
    expect(steps > 0).toBe(byResults === undefined)
    expect(byResults?.end(defaults, []) ?? null).toBeNull()
    expect(byResults?.rate(defaults) ?? 1).toBeGreaterThan(0)
  })

  test('is said in a PyTorch script, or to be missing there', () => {
    const lines = warmup.pytorch.ramp(defaults).join('\n')
    expect(lines).toContain('begin')
    expect(lines).toContain('ramp')
    expect(warmup.pytorch.notCarried === undefined).toBe(byResults === undefined)
  })
})

test('milestones in epochs are that many epochs of iterations', () => {
  const config = { kind: 'step', unit: 'epoch', milestones: [100, 150], factor: 0.1 } as const
  const there = step.inUnit({ ...config, milestones: [...config.milestones] }, 'iteration', PER_EPOCH)
  expect(there).toEqual({ ...config, unit: 'iteration', milestones: [39_100, 58_650] })
})

test('milestones that fall into one epoch, or into the first, are one or none', () => {
  const config = { kind: 'step', unit: 'iteration', milestones: [10, 380, 400], factor: 0.1 } as const
  const there = step.inUnit({ ...config, milestones: [...config.milestones] }, 'epoch', PER_EPOCH)
  expect(there).toMatchObject({ milestones: [1] })
})

test('an exponential decay by iteration comes to the same after an epoch, and back to the same rate', () => {
  const config = { kind: 'exponential', unit: 'epoch', rate: 0.01 } as const
  const there = exponential.inUnit(config, 'iteration', PER_EPOCH)
  expect(there.rate * PER_EPOCH).toBeCloseTo(0.01, 12)
  expect(exponential.inUnit(there, 'epoch', PER_EPOCH)).toEqual(config)
})

test('a warm-up of some iterations is at least one epoch', () => {
  const config = { kind: 'linear', unit: 'iteration', length: 40 } as const
  expect(linear.inUnit(config, 'epoch', PER_EPOCH)).toEqual({ kind: 'linear', unit: 'epoch', length: 1 })
  expect(linear.inUnit({ ...config, unit: 'epoch', length: 5 }, 'iteration', PER_EPOCH).length).toBe(1955)
})
