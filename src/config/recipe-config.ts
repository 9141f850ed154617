// How a network is trained, as plain data: the learning-rate schedule.
import { z } from 'zod'

const learningRate = z.number().positive().max(100)
export const unitSchema = z.enum(['epoch', 'iteration'])

const share = z.number().min(0).max(1)
/** Multiplies a rate, and does not raise it. */
const factor = z.number().positive().max(1)

/** How the rate moves after its warm-up. Units are counted from the run's first step. */
export const scheduleConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({
    kind: z.literal('step'),
    unit: unitSchema,
    /** The rate is multiplied by `factor` from each of these on (0-based, ascending). */
    milestones: z.array(z.int().min(1).max(100_000_000)).max(20),
    factor,
  }),
  z.strictObject({
    kind: z.literal('exponential'),
    /** How often the rate moves. */
    unit: unitSchema,
    /** After t units the rate is multiplied by e^(−rate · t). */
    rate: z.number().min(0).max(10),
  }),
  z.strictObject({
    kind: z.literal('cosine'),
    /** How often the rate moves. */
    unit: unitSchema,
  }),
  /** PyTorch's OneCycleLR, annealed by cosines, step by step; the momentum stays as it is. */
  z.strictObject({
    kind: z.literal('one-cycle'),
    /** The share of the steps in which the rate rises to its base (`pct_start`). */
    rise: share,
    /** The rate begins at its base divided by this (`div_factor`), */
    startDivisor: z.number().min(1).max(1e9),
    /** and ends at where it began divided by this (`final_div_factor`). */
    endDivisor: z.number().min(1).max(1e9),
  }),
  /** PyTorch's ReduceLROnPlateau, with a relative threshold, asked after each whole epoch. */
  z.strictObject({
    kind: z.literal('plateau'),
    /** Of the validation images where some are set aside, else of the test images. */
    watches: z.enum(['loss', 'accuracy']),
    /** The rate is multiplied by this */
    factor,
    /** after more than so many epochs in a row without a better metric. */
    patience: z.int().min(0).max(10_000),
    /** A metric is better where it betters the best by more than this share of it. */
    threshold: share,
    /** Epochs after a fall that are not counted. */
    cooldown: z.int().min(0).max(10_000),
    /** The rate falls no further. */
    minRate: z.number().min(0).max(100),
  }),
])
export type ScheduleConfig = z.infer<typeof scheduleConfigSchema>
export const SCHEDULE_KINDS = [
  'constant',
  'step',
  'exponential',
  'cosine',
  'one-cycle',
  'plateau',
] as const satisfies ScheduleConfig['kind'][]

/** How a run begins. Cosine and one-cycle schedules run over the steps after it, the others count from the first step. */
export const warmupConfigSchema = z.discriminatedUnion('kind', [
  /** The schedule's rate, times 1/length, 2/length, … 1 in the first units. */
  z.strictObject({ kind: z.literal('linear'), unit: unitSchema, length: z.int().min(1).max(1_000_000) }),
  /** A rate of its own until the training error is low: He et al.'s ResNet-110 (arXiv:1512.03385, section 4.2). */
  z.strictObject({
    kind: z.literal('until-training-error'),
    rate: learningRate,
    /** The mean error of 100 batches in a row, from a multiple of 100 on, must be below this. */
    error: z.number().positive().max(1),
  }),
])
export type WarmupConfig = z.infer<typeof warmupConfigSchema>
