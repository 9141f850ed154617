// What a run is, as plain data. Parsed once, at every edge (form, link, file, command line); inside, trust the type.
import { z } from 'zod'
import { ACTIVATION_FORMATS } from '../base/activation-format.ts'
import { AppError } from '../base/app-error.ts'
import { DATA_SET_IDS, DATA_SETS } from '../base/data-set.ts'
import { augmentationConfigSchema, normalisationSchema, whiteningSchema } from '../base/image-config.ts'
import { migrateRunConfig } from './migrate-run-config.ts'
import { networkConfigSchema } from '../network/network-config.ts'
import { optimiserConfigSchema, optimiserOf } from '../optimisers/index.ts'
import { scheduleConfigSchema, scheduleOf } from '../schedules/index.ts'
import { unitSchema } from '../schedules/unit.ts'
import { warmupConfigSchema } from '../schedules/warmups/index.ts'

const count = (most: number) => z.int().min(1).max(most)

export const runConfigSchema = z
  .strictObject({
    version: z.literal(3),
    /** The preset that this config began as. */
    preset: z.string().max(64).nullable(),
    data: z.strictObject({
      set: z.enum(DATA_SET_IDS),
      /** Only the first images of the split; null for all. */
      limitTrain: count(50_000).nullable(),
      limitTest: count(10_000).nullable(),
      /** So many of those training images, drawn by the seed, are evaluated on each epoch and never trained on. */
      validation: z
        .strictObject({ images: count(49_999) })
        .nullable()
        .default(null),
    }),
    network: networkConfigSchema,
    optimiser: optimiserConfigSchema,
    schedule: scheduleConfigSchema,
    warmup: warmupConfigSchema.nullable().default(null),
    budget: z.strictObject({ unit: unitSchema, amount: count(10_000_000) }),
    /** Whether the run is evaluated before its first step as well: epoch 0. */
    evaluateFirst: z.boolean().default(false),
    batchSize: count(4096),
    /** How the device stores activations and their gradients; float16 changes results a little. */
    activations: z.enum(ACTIVATION_FORMATS).default('f32'),
    labelSmoothing: z.number().min(0).max(0.9),
    augmentation: augmentationConfigSchema,
    normalisation: normalisationSchema,
    whitening: whiteningSchema.default(null),
    seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  })
  .superRefine((config, context) => {
    const { optimiser, schedule } = config
    const issues = {
      optimiser: optimiserOf(optimiser.kind).check(optimiser),
      schedule: scheduleOf(schedule.kind).check(schedule),
    }
    for (const [part, issue] of Object.entries(issues)) {
      if (issue) context.addIssue({ code: 'custom', path: [part, issue.field], message: issue.message })
    }
    if (config.evaluateFirst && config.network.initialisation.runningVariance === 0) {
      context.addIssue({
        code: 'custom',
        path: ['evaluateFirst'],
        message: 'evaluating before training needs a running variance above 0',
      })
    }
    const { set, limitTrain, validation } = config.data
    const images = Math.min(DATA_SETS[set].images.train, limitTrain ?? Infinity)
    if (validation && validation.images >= images) {
      context.addIssue({
        code: 'custom',
        path: ['data', 'validation', 'images'],
        message: `at least one of the ${images} training images must be left to train on`,
      })
    }
    if (config.whitening?.kind === 'author' && config.normalisation.kind === 'image-mean') {
      context.addIssue({
        code: 'custom',
        path: ['whitening', 'kind'],
        message:
          'the author’s whitening amplifies the brightness that subtracting each image’s mean has removed; choose the textbook’s whitening or another normalisation',
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
  const parsed = runConfigSchema.safeParse(migrateRunConfig(value))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const path = issue?.path.join('.') || 'the whole'
  throw new AppError(
    'config-invalid',
    `The configuration in ${where} is not valid at ${path}: ${issue?.message ?? 'unknown reason'}. Correct it, or pick a preset instead.`,
  )
}
