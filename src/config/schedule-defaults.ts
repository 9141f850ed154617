import type { ScheduleConfig } from './recipe-config.ts'
import type { RunConfig } from './run-config.ts'
import type { SchedulePosition } from './schedule.ts'

type Length = Omit<SchedulePosition, 'step'>

/**
 * A schedule of a kind for a run of this length: milestones at a half and three quarters of it, as the write-ups place
 * them; iavicenna’s exponential rate; otherwise PyTorch’s defaults.
 */
export function defaultSchedule(
  kind: ScheduleConfig['kind'],
  { budget, data }: Pick<RunConfig, 'budget' | 'data'>,
  length: Length,
): ScheduleConfig {
  const { unit } = budget
  const units = unit === 'epoch' ? Math.ceil(length.totalSteps / length.stepsPerEpoch) : length.totalSteps
  switch (kind) {
    case 'constant':
      return { kind }
    case 'step': {
      const milestones = [Math.round(units / 2), Math.round((units * 3) / 4)]
      return { kind, unit, milestones: ascending(milestones), factor: 0.1 }
    }
    case 'exponential':
      return { kind, unit: 'epoch', rate: 0.01 }
    case 'cosine':
      return { kind, unit }
    case 'one-cycle':
      return { kind, rise: 0.3, startDivisor: 25, endDivisor: 1e4 }
    case 'plateau':
      return {
        kind,
        watches: data.validation ? 'accuracy' : 'loss',
        factor: 0.1,
        patience: 10,
        threshold: 1e-4,
        cooldown: 0,
        minRate: 0,
      }
    default:
      return kind satisfies never
  }
}

/** Without what rounding made equal or moved to the start. */
export function ascending(milestones: readonly number[]): number[] {
  return [...new Set(milestones)].filter((at) => at >= 1)
}
