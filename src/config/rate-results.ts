// What a learning rate takes from the run itself. It hangs on whole windows and whole epochs only, whose metrics are
// waited for, and never on when metrics happen to arrive: a run that is interrupted and resumed has the same rates.
import type { ScheduleConfig, WarmupConfig } from './recipe-config.ts'
import type { RateConfig, RateResults, SchedulePosition } from './schedule.ts'

/** What one set of images says of a network. */
type Metrics = { readonly loss: number; readonly accuracy: number }

export type EvaluatedEpoch = {
  /** Steps taken until then; 0 where the run was evaluated before the first. */
  readonly step: number
  /** Null where no images are set aside. */
  readonly validation: Metrics | null
  readonly test: Metrics
}

/** Steps of a window over which the training error is a mean. */
export const ERROR_WINDOW = 100

/** PyTorch's `eps`: a smaller fall of the rate is none. */
const LEAST_FALL = 1e-8

/** Whether the rate from this step on may hang on the metrics of every step before. */
export function dependsOnResults(
  { schedule, warmup }: RateConfig,
  { step, stepsPerEpoch }: SchedulePosition,
): boolean {
  return (
    (warmup?.kind === 'until-training-error' && step % ERROR_WINDOW === 0) ||
    (schedule.kind === 'plateau' && step % stepsPerEpoch === 0)
  )
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
    errorIsLowFrom: warmup?.kind === 'until-training-error' ? endOfWarmup(warmup, points) : null,
    plateauRate: schedule.kind === 'plateau' ? plateauRate(learningRate, schedule, whole) : learningRate,
  }
}

/** The metrics by which epochs of a run are told apart: of the validation images where there are some. */
export function selectionMetrics<Of extends Metrics>(epoch: {
  readonly validation: Of | null
  readonly test: Of
}): Of {
  return epoch.validation ?? epoch.test
}

function endOfWarmup(
  { error }: WarmupConfig & { kind: 'until-training-error' },
  points: readonly { readonly accuracy: number }[],
): number | null {
  for (let end = ERROR_WINDOW; end <= points.length; end += ERROR_WINDOW) {
    const accuracy = points.slice(end - ERROR_WINDOW, end).reduce((sum, point) => sum + point.accuracy, 0)
    if (1 - accuracy / ERROR_WINDOW < error) return end
  }
  return null
}

/** PyTorch's ReduceLROnPlateau in its relative mode. */
function plateauRate(
  base: number,
  schedule: ScheduleConfig & { kind: 'plateau' },
  epochs: readonly EvaluatedEpoch[],
): number {
  const { watches, factor, patience, threshold, cooldown, minRate } = schedule
  let rate = base
  let best = watches === 'loss' ? Infinity : -Infinity
  let badEpochs = 0
  let coolEpochs = 0
  for (const epoch of epochs) {
    const metric = selectionMetrics(epoch)[watches]
    const isBetter = watches === 'loss' ? metric < best * (1 - threshold) : metric > best * (1 + threshold)
    if (isBetter) best = metric
    badEpochs = isBetter ? 0 : badEpochs + 1
    if (coolEpochs > 0) {
      coolEpochs--
      badEpochs = 0
    }
    if (badEpochs <= patience) continue
    const lower = Math.max(rate * factor, minRate)
    if (rate - lower > LEAST_FALL) rate = lower
    coolEpochs = cooldown
    badEpochs = 0
  }
  return rate
}
