// How long a run is and how its learning rate moves: read by the trainer, and drawn by the page before a run begins.
import type { ScheduleConfig } from './recipe-config.ts'
import type { RunConfig } from './run-config.ts'

/** Where a run stands in its budget. */
export type SchedulePosition = {
  /** Steps taken before this one. */
  step: number
  stepsPerEpoch: number
  totalSteps: number
}

/** Batches in one pass over the training images; the last one may be smaller, and is kept. */
export function stepsPerEpoch(images: number, batchSize: number): number {
  return Math.max(1, Math.ceil(images / batchSize))
}

export function totalSteps(budget: RunConfig['budget'], perEpoch: number): number {
  return budget.unit === 'iteration' ? budget.amount : budget.amount * perEpoch
}

export function learningRateAt(
  config: Pick<RunConfig, 'optimiser' | 'schedule'>,
  at: SchedulePosition,
): number {
  return config.optimiser.learningRate * rateFactor(config.schedule, at)
}

/** The share of the base rate that a step uses, 0 … 1. */
function rateFactor(schedule: ScheduleConfig, at: SchedulePosition): number {
  if (schedule.kind === 'constant') return 1
  const perUnit = schedule.unit === 'epoch' ? at.stepsPerEpoch : 1
  const now = Math.floor(at.step / perUnit)
  if (schedule.kind === 'step') {
    return schedule.factor ** schedule.milestones.filter((milestone) => now >= milestone).length
  }
  return warmupThenCosine(now, Math.ceil(at.totalSteps / perUnit), schedule.warmup)
}

/** Cosine annealing to zero after a linear warm-up (arXiv:1608.03983, equation 5, without restarts). */
function warmupThenCosine(now: number, total: number, warmup: number): number {
  if (now < warmup) return (now + 1) / warmup
  return 0.5 * (1 + Math.cos((Math.PI * (now - warmup)) / Math.max(1, total - warmup)))
}
