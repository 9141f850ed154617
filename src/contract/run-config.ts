// What a run is, as plain data. Parsed once, at every edge (form, link, file, command line); inside, trust the type.
import { z } from 'zod'
import { AppError } from './app-error.ts'
import { DATA_SET_IDS } from './data-set.ts'

const count = (most: number) => z.int().min(1).max(most)

/** Each stage of the He family has n blocks of two 3×3 convolutions: 6n + 2 weight layers. */
export const networkConfigSchema = z.strictObject({
  family: z.literal('he'),
  /** Blocks a stage. */
  n: count(36),
  /** Channels of the first stage; the others have 2 and 4 times as many. */
  width: count(256),
  /** How a block's input reaches its output where the shape changes. */
  shortcut: z.enum(['subsample-pad', 'conv1x1-bn']),
  /** Where `subsample-pad` puts the zero channels. */
  padding: z.enum(['end', 'centre']),
  /** False removes every shortcut, identity and downsampling alike, and nothing else. */
  identity: z.boolean(),
})
export type NetworkConfig = z.infer<typeof networkConfigSchema>

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

const unit = z.enum(['epoch', 'iteration'])

const scheduleConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({
    kind: z.literal('step'),
    unit,
    /** The rate is multiplied by `factor` from each of these on (0-based, ascending). */
    milestones: z.array(z.int().min(1).max(100_000_000)).max(20),
    factor: z.number().positive().max(1),
  }),
  z.strictObject({
    kind: z.literal('cosine'),
    /** How often the rate moves. */
    unit,
    /** Linear warm-up, in `unit`s. */
    warmup: z.int().min(0).max(1_000_000),
  }),
])
export type ScheduleConfig = z.infer<typeof scheduleConfigSchema>

const channels = z.tuple([z.number(), z.number(), z.number()])

export const channelNormalisationSchema = z.strictObject({
  kind: z.literal('channels'),
  /** Of pixel values divided by 255; red, green, blue. */
  mean: channels,
  std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
})
export type ChannelNormalisation = z.infer<typeof channelNormalisationSchema>

const normalisationKindsSchema = z.discriminatedUnion('kind', [
  channelNormalisationSchema,
  /** With the mean and deviation of each channel over the run's own training images. */
  z.strictObject({ kind: z.literal('training-channels') }),
  /** Each image minus its own mean, a single number. */
  z.strictObject({ kind: z.literal('image-mean') }),
  /** Each image minus the mean of the run's training images, pixel by pixel. */
  z.strictObject({ kind: z.literal('pixel-mean') }),
])

/** Files written before there were several kinds name none. */
export const normalisationSchema = z.preprocess(
  (value) =>
    typeof value === 'object' && value !== null && !('kind' in value)
      ? { kind: 'channels', ...value }
      : value,
  normalisationKindsSchema,
)
export type Normalisation = z.infer<typeof normalisationSchema>

export const augmentationConfigSchema = z.strictObject({
  /** Rotation by up to so many degrees either way, before everything else; 0 for none. */
  rotation: z.number().min(0).max(180).default(0),
  /** Zero padding, in pixels, from which a random 32×32 crop is cut; 0 for no crop. */
  cropPadding: z.int().min(0).max(16),
  /** False where the furthest offset, twice the padding, is never drawn. */
  cropReachesEnd: z.boolean().default(true),
  /** Horizontal flip of half the images. */
  flip: z.boolean(),
})
export type AugmentationConfig = z.infer<typeof augmentationConfigSchema>

export const runConfigSchema = z
  .strictObject({
    version: z.literal(1),
    /** The preset that this config began as. */
    preset: z.string().max(64).nullable(),
    data: z.strictObject({
      set: z.enum(DATA_SET_IDS),
      /** Only the first images of the split; null for all. */
      limitTrain: count(50_000).nullable(),
      limitTest: count(10_000).nullable(),
    }),
    network: networkConfigSchema,
    optimiser: optimiserConfigSchema,
    schedule: scheduleConfigSchema,
    budget: z.strictObject({ unit, amount: count(10_000_000) }),
    batchSize: count(4096),
    labelSmoothing: z.number().min(0).max(0.9),
    augmentation: augmentationConfigSchema,
    normalisation: normalisationSchema,
    seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  })
  .superRefine((config, context) => {
    const { optimiser } = config
    if (optimiser.kind === 'sgd' && optimiser.nesterov && optimiser.momentum === 0) {
      context.addIssue({
        code: 'custom',
        path: ['optimiser', 'nesterov'],
        message: 'Nesterov needs a momentum above 0',
      })
    }
    const { schedule } = config
    if (
      schedule.kind === 'step' &&
      schedule.milestones.some((at, i) => i > 0 && at <= (schedule.milestones[i - 1] ?? 0))
    ) {
      context.addIssue({
        code: 'custom',
        path: ['schedule', 'milestones'],
        message: 'milestones must ascend',
      })
    }
  })
export type RunConfig = z.infer<typeof runConfigSchema>

/**
 * A run's config from anything that claims to be one.
 * @param where named in the sentence: "the link", "run.json"
 * @throws AppError `config-invalid`, naming the first wrong field, what it should be and what it is
 */
export function parseRunConfig(value: unknown, where: string): RunConfig {
  const parsed = runConfigSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const path = issue?.path.join('.') || 'the whole'
  throw new AppError(
    'config-invalid',
    `The configuration in ${where} is not valid at ${path}: ${issue?.message ?? 'unknown reason'}. Correct it, or pick a preset instead.`,
  )
}
