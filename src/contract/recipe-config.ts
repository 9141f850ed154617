// How a network is trained, as plain data: optimiser and learning-rate schedule.
import { z } from 'zod'

const learningRate = z.number().positive().max(100)
/** The share of the past that a running average keeps. */
const kept = z.number().min(0).max(0.9999)
/** Added to a denominator. Above 0, because a gradient that has always been 0 divides 0 by it. */
const epsilon = z.number().min(1e-20).max(1)
const decay = {
  weightDecay: z.number().min(0).max(1),
  /** Which parameters decay. Biases are the linear and convolution biases and batch-norm's shift (β). */
  decays: z.enum(['all', 'all-but-biases', 'weights-only']),
}
const adamFields = { learningRate, beta1: kept, beta2: kept, epsilon, ...decay }

/** PyTorch's optimisers of these names; what is not a field here has PyTorch's default. */
export const optimiserConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sgd'), learningRate, momentum: kept, nesterov: z.boolean(), ...decay }),
  /** Weight decay is added to the gradient. */
  z.strictObject({ kind: z.literal('adam'), ...adamFields }),
  /** Weight decay shrinks the parameter, apart from the gradient (arXiv:1711.05101). */
  z.strictObject({ kind: z.literal('adamw'), ...adamFields }),
  /** Not centred. */
  z.strictObject({
    kind: z.literal('rmsprop'),
    learningRate,
    alpha: kept,
    momentum: kept,
    epsilon,
    ...decay,
  }),
  z.strictObject({ kind: z.literal('adagrad'), learningRate, epsilon, ...decay }),
])
export type OptimiserConfig = z.infer<typeof optimiserConfigSchema>
export const OPTIMISER_KINDS = [
  'sgd',
  'adam',
  'adamw',
  'rmsprop',
  'adagrad',
] as const satisfies OptimiserConfig['kind'][]
export type OptimiserKind = OptimiserConfig['kind']

export const unitSchema = z.enum(['epoch', 'iteration'])

export const scheduleConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({
    kind: z.literal('step'),
    unit: unitSchema,
    /** The rate is multiplied by `factor` from each of these on (0-based, ascending). */
    milestones: z.array(z.int().min(1).max(100_000_000)).max(20),
    factor: z.number().positive().max(1),
  }),
  z.strictObject({
    kind: z.literal('cosine'),
    /** How often the rate moves. */
    unit: unitSchema,
    /** Linear warm-up, in `unit`s. */
    warmup: z.int().min(0).max(1_000_000),
  }),
])
export type ScheduleConfig = z.infer<typeof scheduleConfigSchema>
