// What a learning rate takes from the run itself. It depends on whole windows and whole epochs only, whose metrics are
// waited for, and never on when metrics happen to arrive: a run that is interrupted and resumed has the same rates.
import type { EvaluatedEpoch } from '../schedules/evaluated-epoch.ts'
import { scheduleOf } from '../schedules/index.ts'
import type { SchedulePosition } from '../schedules/schedule.ts'
import { warmupOf } from '../schedules/warmups/index.ts'
import type { RunConfig } from './run-config.ts'

/** What decides a run's learning rate, but for its results. */
export type RateConfig = Pick<RunConfig, 'optimiser' | 'schedule' | 'warmup'>

export type RateResults = {
  /** The step at which results ended the warm-up; null where they have not, or do not. */
  readonly warmupEnd: number | null
  /** What results have brought the base rate to. */
  readonly baseRate: number
}

/** Whether the rate from this step on may depend on the metrics of every step before. */
export function dependsOnResults(
  { schedule, warmup }: RateConfig,
  { step, stepsPerEpoch }: SchedulePosition,
): boolean {
  const window = warmup && warmupOf(warmup.kind).byResults?.window
  const watchesEpochs = scheduleOf(schedule.kind).baseRate !== undefined
  return (window ? step % window === 0 : false) || (watchesEpochs && step % stepsPerEpoch === 0)
}

/**
 * @param points of every step so far, from the first on
 * @param epochs ascending
 */
export function rateResults(
  { optimiser, schedule, warmup }: RateConfig,
  stepsPerEpoch: number,
  points: readonly { readonly accuracy: number }[],
  epochs: readonly EvaluatedEpoch[],
): RateResults {
  const { learningRate } = optimiser
  const whole = epochs.filter(({ step }) => step > 0 && step % stepsPerEpoch === 0)
  return {
    warmupEnd: (warmup && warmupOf(warmup.kind).byResults?.end(warmup, points)) ?? null,
    baseRate: scheduleOf(schedule.kind).baseRate?.(schedule, learningRate, whole) ?? learningRate,
  }
}
