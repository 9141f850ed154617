// The same schedule counted in the other unit.
import type { ScheduleConfig, WarmupConfig } from '../../../config/recipe-config.ts'
import { ascending } from '../../../config/schedule-defaults.ts'
import type { RunLength } from '../../../runs/run-length.ts'

export type Unit = 'epoch' | 'iteration'
export type ScheduleWithUnit = Extract<ScheduleConfig, { unit: Unit }>
export type LinearWarmup = Extract<WarmupConfig, { kind: 'linear' }>

type Epochs = Pick<RunLength, 'stepsPerEpoch'>

export function scheduleIn(unit: Unit, schedule: ScheduleWithUnit, epochs: Epochs): ScheduleWithUnit {
  const ratio = unitsPer(schedule.unit, unit, epochs)
  switch (schedule.kind) {
    case 'step': {
      const milestones = ascending(schedule.milestones.map((at) => Math.round(at * ratio)))
      return { ...schedule, unit, milestones }
    }
    case 'exponential':
      return { ...schedule, unit, rate: Math.min(10, rounded(schedule.rate / ratio, unit)) }
    case 'cosine':
      return { ...schedule, unit }
    default:
      return schedule satisfies never
  }
}

export function warmupIn(unit: Unit, warmup: LinearWarmup, epochs: Epochs): LinearWarmup {
  const length = Math.round(warmup.length * unitsPer(warmup.unit, unit, epochs))
  return { ...warmup, unit, length: Math.min(1_000_000, Math.max(1, length)) }
}

/** With two digits more where it will be multiplied, so that a rate that goes there and back is the same. */
const rounded = (rate: number, unit: Unit) => Number(rate.toPrecision(unit === 'epoch' ? 10 : 12))

/** How many of the new unit one of the old is. */
function unitsPer(from: Unit, to: Unit, { stepsPerEpoch }: Epochs): number {
  if (from === to) return 1
  return from === 'epoch' ? stepsPerEpoch : 1 / stepsPerEpoch
}
