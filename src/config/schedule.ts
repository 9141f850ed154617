// How long a run is and how its learning rate moves: read by the trainer, and drawn by the page before a run begins.
import type { ScheduleConfig, WarmupConfig } from './recipe-config.ts'
import type { RunConfig } from './run-config.ts'

/** Where a run stands in its budget. */
export type SchedulePosition = {
  /** Steps taken before this one. */
  step: number
  stepsPerEpoch: number
  totalSteps: number
}

/** What decides a run's learning rate, but for its results. */
export type RateConfig = Pick<RunConfig, 'optimiser' | 'schedule' | 'warmup'>

/** What a learning rate takes from the run itself (`rateResults`). */
export type RateResults = {
  /** The step from which on the training error was low enough to end the warm-up; null while it is not. */
  readonly errorIsLowFrom: number | null
  /** What a plateau schedule has brought the base rate to. */
  readonly plateauRate: number
}

/** Batches in one pass over the training images; the last one may be smaller, and is kept. */
export function stepsPerEpoch(images: number, batchSize: number): number {
  return Math.max(1, Math.ceil(images / batchSize))
}

export function totalSteps(budget: RunConfig['budget'], perEpoch: number): number {
  return budget.unit === 'iteration' ? budget.amount : budget.amount * perEpoch
}

/** @param results what the run has measured before this step (`rateResults`) */
export function learningRateAt(
  { optimiser, schedule, warmup }: RateConfig,
  at: SchedulePosition,
  results: RateResults,
): number {
  const begin = stepsOfWarmup(warmup, at, results)
  if (begin === null) return warmup?.kind === 'until-training-error' ? warmup.rate : optimiser.learningRate
  const ramp = warmup?.kind === 'linear' && at.step < begin ? linearRamp(warmup, at) : 1
  if (schedule.kind === 'plateau') return ramp * results.plateauRate
  return ramp * optimiser.learningRate * rateFactor(schedule, at, begin)
}

/** Null while nobody knows. */
function stepsOfWarmup(
  warmup: WarmupConfig | null,
  { stepsPerEpoch: perEpoch }: SchedulePosition,
  { errorIsLowFrom }: RateResults,
): number | null {
  if (warmup === null) return 0
  return warmup.kind === 'linear' ? warmup.length * stepsIn(warmup.unit, perEpoch) : errorIsLowFrom
}

/** As PyTorch's LinearLR from 1 ÷ length to 1 (arXiv:1706.02677, section 2.2). */
function linearRamp(
  { unit, length }: WarmupConfig & { kind: 'linear' },
  { step, stepsPerEpoch: perEpoch }: SchedulePosition,
): number {
  return (Math.floor(step / stepsIn(unit, perEpoch)) + 1) / length
}

/**
 * The share of the base rate that a step uses, 0 … 1.
 * @param begin steps of the warm-up
 */
function rateFactor(
  schedule: Exclude<ScheduleConfig, { kind: 'plateau' }>,
  { step, stepsPerEpoch: perEpoch, totalSteps: total }: SchedulePosition,
  begin: number,
): number {
  switch (schedule.kind) {
    case 'constant':
      return 1
    case 'step': {
      const now = Math.floor(step / stepsIn(schedule.unit, perEpoch))
      return schedule.factor ** schedule.milestones.filter((milestone) => now >= milestone).length
    }
    case 'exponential':
      return Math.exp(-schedule.rate * Math.floor(step / stepsIn(schedule.unit, perEpoch)))
    case 'cosine': {
      const perUnit = stepsIn(schedule.unit, perEpoch)
      return cosine(
        Math.floor(Math.max(0, step - begin) / perUnit),
        Math.max(1, Math.ceil((total - begin) / perUnit)),
      )
    }
    case 'one-cycle':
      return oneCycle(Math.max(0, step - begin), total - begin, schedule)
    default:
      return schedule satisfies never
  }
}

const stepsIn = (unit: RunConfig['budget']['unit'], perEpoch: number) => (unit === 'epoch' ? perEpoch : 1)

/** Cosine annealing to zero (arXiv:1608.03983, equation 5, without restarts). */
function cosine(now: number, total: number): number {
  return anneal(1, 0, now / total)
}

/** PyTorch's OneCycleLR with its two phases (arXiv:1708.07120); the rate is highest at the step before `rise` of them. */
function oneCycle(
  now: number,
  total: number,
  { rise, startDivisor, endDivisor }: ScheduleConfig & { kind: 'one-cycle' },
): number {
  const start = 1 / startDivisor
  const top = rise * total - 1
  if (now < top) return anneal(start, 1, now / top)
  const last = total - 1
  return last <= top ? 1 : anneal(1, start / endDivisor, Math.min(1, (now - top) / (last - top)))
}

/** Half a cosine wave from one value to another. @param done 0 … 1 */
function anneal(from: number, to: number, done: number): number {
  return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * done))
}
