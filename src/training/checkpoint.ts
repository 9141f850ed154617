// A run as it stands between two steps, as plain data: enough to go on with it bit for bit on the same device,
// with the same engine.
// Batches, augmentation and learning rates are functions of the seed and the step, so the step is the position.
import { z } from 'zod'
import { AppError } from '../base/app-error.ts'
import { stepPointSchema } from '../contract/events.ts'
import { migrateRunConfig } from '../config/migrate-run-config.ts'
import { type RunConfig, runConfigSchema } from '../config/run-config.ts'
import { trainedEnginesSchema } from '../contract/trained-engines.ts'
import type { TrainerState } from '../engine/engine.ts'
import { buildGraph } from '../network/build-graph.ts'
import { initialState } from './initialise.ts'

const scoreSchema = z.object({
  loss: z.number(),
  accuracy: z.number(),
  correct: z.int(),
  total: z.int(),
})

/** What an epoch came to, in a few numbers. One that went on after its evaluation is evaluated anew. */
const epochSummarySchema = z.object({
  epoch: z.int(),
  step: z.int(),
  /** Null for epoch 0, before the first step. */
  train: z.object({ loss: z.number(), accuracy: z.number() }).nullable(),
  /** Null where no images are set aside. */
  validation: scoreSchema.nullable().default(null),
  test: scoreSchema,
})
export type EpochSummary = z.infer<typeof epochSummarySchema>

/** Over the steps of the epoch under way: loss × batch size, and images. */
const epochSumsSchema = z.object({ loss: z.number(), correct: z.int(), images: z.int() })
export type EpochSums = z.infer<typeof epochSumsSchema>

/** All of a checkpoint but its tensors. */
export const checkpointRecordSchema = z.object({
  config: z.preprocess(migrateRunConfig, runConfigSchema),
  /** Steps taken. */
  steps: z.int().min(0),
  /** Of every step, ascending from the first. */
  points: z.array(stepPointSchema),
  epochs: z.array(epochSummarySchema),
  epochSums: epochSumsSchema,
  engines: trainedEnginesSchema,
})

export type Checkpoint = Readonly<Omit<z.infer<typeof checkpointRecordSchema>, 'steps'>> & {
  readonly state: TrainerState
}

/** The checkpoint of one of a session's runs. */
export type KeptCheckpoint = { readonly run: string; readonly checkpoint: Checkpoint }

export const NO_SUMS: EpochSums = { loss: 0, correct: 0, images: 0 }

/** A run before its first step. */
export function firstCheckpoint(config: RunConfig): Checkpoint {
  const state = initialState(buildGraph(config), config.seed)
  return { config, state, points: [], epochs: [], epochSums: NO_SUMS, engines: [] }
}

/** The name of the first tensor with a value that is no number; null where there is none. */
export function firstNotFinite({ parameters, statistics, slots }: TrainerState): string | null {
  for (const tensors of [parameters, statistics, ...Object.values(slots)]) {
    const found = Object.entries(tensors).find(([, values]) => !values.every(Number.isFinite))
    if (found) return found[0]
  }
  return null
}

/** How long a run is let train, and what it is called. */
const MAY_DIFFER: ReadonlySet<string> = new Set(['budget', 'preset'])

/**
 * @param config of the run that is to go on from the checkpoint; its budget and its preset's name may differ
 * @throws AppError `checkpoint-mismatch` naming the first setting that differs
 */
export function assertContinues(config: RunConfig, { config: saved }: Checkpoint): void {
  // Parsed, so that the order in which settings were written does not matter.
  const wanted = new Map<string, unknown>(Object.entries(runConfigSchema.parse(config)))
  const different = Object.entries(runConfigSchema.parse(saved)).find(
    ([key, value]) => !MAY_DIFFER.has(key) && JSON.stringify(value) !== JSON.stringify(wanted.get(key)),
  )?.[0]
  if (different === undefined) return
  throw new AppError(
    'checkpoint-mismatch',
    `The checkpoint is of a run with another ${different} setting, so it cannot resume as this run; resume it with its own settings.`,
  )
}
