// How long a run is and how its learning rate moves: read by the trainer, and drawn by the page before a run begins.
import { type ScheduleConfig, scheduleOf } from '../schedules/index.ts'
import type { SchedulePosition } from '../schedules/schedule.ts'
import { type WarmupConfig, warmupOf } from '../schedules/warmups/index.ts'
import type { RateConfig, RateResults } from './rate-results.ts'
import type { RunConfig } from './run-config.ts'

/** Batches in one pass over the training images; the last one may be smaller, and is kept. */
export function stepsPerEpoch(images: number, batchSize: number): number {
  return Math.max(1, Math.ceil(images / batchSize))
}

export function totalSteps(budget: RunConfig['budget'], perEpoch: number): number {
  return budget.unit === 'iteration' ? budget.amount : budget.amount * perEpoch
}

/**
 * A warm-up stands beside the schedule and multiplies it.
 * @param results what the run has measured before this step (`rateResults`)
 */
export function learningRateAt(
  { schedule, warmup }: RateConfig,
  at: SchedulePosition,
  { warmupEnd, baseRate }: RateResults,
): number {
  const start = warmup && startOf(warmup, at, warmupEnd)
  if (start && 'rate' in start) return start.rate
  const { begin, ramp } = start ?? { begin: 0, ramp: 1 }
  return ramp * baseRate * scheduleOf(schedule.kind).factor(schedule, at, begin)
}

type Start =
  /** While nobody knows how long the warm-up lasts. */
  | { readonly rate: number }
  /** Steps of the warm-up, and what the schedule's rate is multiplied by. */
  | { readonly begin: number; readonly ramp: number }

function startOf(warmup: WarmupConfig, at: SchedulePosition, end: number | null): Start {
  const kind = warmupOf(warmup.kind)
  const { byResults } = kind
  if (byResults && end === null) return { rate: byResults.rate(warmup) }
  const begin = byResults && end !== null ? end : kind.steps(warmup, at.stepsPerEpoch)
  return { begin, ramp: at.step < begin ? kind.ramp(warmup, at) : 1 }
}

/** A schedule of a kind for a run of this length. */
export function defaultSchedule(
  kind: ScheduleConfig['kind'],
  { budget, data }: Pick<RunConfig, 'budget' | 'data'>,
  length: Omit<SchedulePosition, 'step'>,
): ScheduleConfig {
  const { unit } = budget
  const units = unit === 'epoch' ? Math.ceil(length.totalSteps / length.stepsPerEpoch) : length.totalSteps
  return scheduleOf(kind).defaultsFor({ unit, units, isValidated: data.validation !== null })
}
