// What is kept of a run in the browser: an entry, which the table of runs shows, and its history, which is read when
// somebody looks at the run. Its checkpoints never leave the worker but in files.
import { z } from 'zod'
import { deviceInfoSchema } from './device-info.ts'
import { failureSchema } from './failure.ts'
import { migrateRunConfig } from '../config/migrate-run-config.ts'
import { runConfigSchema } from '../config/run-config.ts'
import { type TrainedEngine, trainedEnginesSchema } from './trained-engines.ts'

/**
 * queued: waits for its turn. open: begun and not ended: trained in some tab, paused, or left where its tab ended.
 * The others ended so; all but one that has diverged can go on from their last checkpoint.
 */
const RUN_STATES = ['queued', 'open', 'finished', 'stopped', 'failed'] as const
export type RunState = (typeof RUN_STATES)[number]

/** The longest name and the longest note, in UTF-16 units. */
export const NAME_LENGTH = 120
export const NOTES_LENGTH = 10_000

const moment = z.number().min(0)
/** Also a folder's name in an archive. */
export const runIdSchema = z.string().regex(/^[\w-]{1,64}$/)

export const runEntrySchema = z.strictObject({
  version: z.literal(1),
  run: runIdSchema,
  /** Runs that train side by side have one session. */
  session: runIdSchema,
  /** Runs that were queued together, over seeds or depths; null for others. */
  group: runIdSchema.nullable(),
  config: z.preprocess(migrateRunConfig, runConfigSchema),
  /** Given by a person; empty where none was. */
  name: z.string().max(NAME_LENGTH),
  notes: z.string().max(NOTES_LENGTH),
  state: z.enum(RUN_STATES),
  /** Where its session stands in the queue, ascending, from when it is queued until it has ended; null for others. */
  place: z.int().nullable(),
  failure: failureSchema.nullable(),
  /** When it was begun, or queued as long as it waits; milliseconds since 1970. */
  createdAt: moment,
  changedAt: moment,
  /** When it was deleted, which can be undone for a day; null where it was not. */
  deletedAt: moment.nullable(),
  /** The last that it was trained on; null before. */
  device: deviceInfoSchema.nullable(),
  /** As of the last checkpoint. */
  engines: trainedEnginesSchema,
  /** The lab's version that began it. */
  appVersion: z.string().max(32),
  /** Of training and evaluating, in all sittings. */
  seconds: z.number().min(0),
  /** Steps taken as of the last checkpoint, those of the whole budget and those of an epoch (0 before they are known). */
  steps: z.int().min(0),
  totalSteps: z.int().min(0),
  stepsPerEpoch: z.int().min(0),
  /** Of the last evaluation, and the best by the images that decide; null before the first. */
  result: z
    .strictObject({
      epoch: z.int().min(0),
      /** Test accuracies, 0 … 1. */
      last: z.number(),
      best: z.number(),
      testLoss: z.number(),
      testImages: z.int().min(1),
    })
    .nullable(),
  /** Of all its checkpoints, in bytes. */
  checkpointBytes: z.number().min(0),
})
export type RunEntry = z.infer<typeof runEntrySchema>

/** Before entries listed their engines they named the last device, whose engine is the best guess. */
export function enginesOf({
  engines,
  device,
  steps,
}: Pick<RunEntry, 'engines' | 'device' | 'steps'>): readonly TrainedEngine[] {
  if (engines.length > 0 || steps === 0 || !device) return engines
  return [{ engine: device.engine, fromStep: 0 }]
}

const column = z.instanceof(Float64Array)

/** Every step's metrics, a column each; row i is of step i + 1. */
export const stepColumnsSchema = z
  .object({ loss: column, accuracy: column, learningRate: column })
  .refine(
    ({ loss, accuracy, learningRate }) =>
      accuracy.length === loss.length && learningRate.length === loss.length,
    'the columns have different lengths',
  )
export type StepColumns = z.infer<typeof stepColumnsSchema>

/** How much of this browser's storage is used. */
export const storageStatusSchema = z.object({
  /** Whether the browser promised not to clear it by itself. */
  persisted: z.boolean(),
  /** Of this page in all, and what it may use, as the browser estimates; null where it does not say. */
  usedBytes: z.number().nullable(),
  quotaBytes: z.number().nullable(),
  /** Of every run's checkpoints; of those between, which are dropped oldest first, and what they may take. */
  checkpointBytes: z.number(),
  intermediateCheckpointBytes: z.number(),
  intermediateBudgetBytes: z.number(),
})
export type StorageStatus = z.infer<typeof storageStatusSchema>
