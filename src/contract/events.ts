// What the worker tells the page without being asked. One union; a switch over it is complete.
import { z } from 'zod'
import { DATA_SET_IDS, type DataSetId } from '../base/data-set.ts'
import { deviceInfoSchema } from './device-info.ts'
import { engineSettingSchema } from './engine-setting.ts'
import { answersSchema, evaluationSchema } from './evaluation.ts'
import { failureSchema } from './failure.ts'
import { runConfigSchema } from '../config/run-config.ts'
import { runEntrySchema, storageStatusSchema } from './run-record.ts'

/** Bytes done and in all, of the archive while downloading, of the images while unpacking; null where unknown. */
const transferSchema = z.object({
  bytes: z.number(),
  totalBytes: z.number().nullable(),
  bytesPerSecond: z.number().nullable(),
})
export type Transfer = z.infer<typeof transferSchema>

/** One data set's place in this browser. */
const storedDataSetSchema = z.object({
  set: z.enum(DATA_SET_IDS),
  state: z.enum(['absent', 'downloading', 'paused', 'unpacking', 'ready']),
  images: z.object({ train: z.int(), test: z.int() }),
  /** Empty until the set is ready. */
  classNames: z.array(z.string()),
  /** What happened on the way that a person should know, in a sentence: a download that began again. */
  notice: z.string().nullable(),
  /** Why the last attempt ended; what was stored before is still there. */
  failure: failureSchema.nullable(),
})
export type StoredDataSet = z.infer<typeof storedDataSetSchema>

const dataSetStatusSchema = storedDataSetSchema.extend(transferSchema.shape)
export type DataSetStatus = z.infer<typeof dataSetStatusSchema>

export const NO_TRANSFER: Transfer = { bytes: 0, totalBytes: null, bytesPerSecond: null }

/** Of a set that was never asked for. */
export function absentDataSet(set: DataSetId): DataSetStatus {
  return {
    set,
    state: 'absent',
    ...NO_TRANSFER,
    images: { train: 0, test: 0 },
    classNames: [],
    notice: null,
    failure: null,
  }
}

/** preparing: reading images, compiling. stopped: by the person. failed: see `failure`. */
export const SESSION_STATES = [
  'preparing',
  'running',
  'evaluating',
  'paused',
  'stopped',
  'finished',
  'failed',
] as const
export type SessionState = (typeof SESSION_STATES)[number]

/** The device is free for another session; this one may still be extended, or go on from its last checkpoint. */
export function hasEnded(state: SessionState): boolean {
  return state === 'finished' || state === 'stopped' || state === 'failed'
}

/** A run's training metrics at one step; steps count from 1. */
export const stepPointSchema = z.object({
  step: z.int(),
  loss: z.number(),
  /** Of the batch, 0 … 1. */
  accuracy: z.number(),
  learningRate: z.number(),
})
export type StepPoint = z.infer<typeof stepPointSchema>

/** What one evaluation found, and the training before it. */
export const epochRecordSchema = z.object({
  epoch: z.int(),
  step: z.int(),
  /** When it was evaluated, in milliseconds since 1970. */
  at: z.number(),
  /** Means over the epoch's training steps, weighted by batch size; null for epoch 0, before the first step. */
  train: z.object({ loss: z.number(), accuracy: z.number() }).nullable(),
  /** Null where no images are set aside. */
  validation: evaluationSchema.nullable(),
  test: evaluationSchema,
  /** To each test image. Kept of a run's newest epoch alone; null for the others, and for runs of earlier versions. */
  answers: answersSchema.nullable().default(null),
})
export type EpochRecord = z.infer<typeof epochRecordSchema>

const scoreSchema = evaluationSchema.pick({ total: true, correct: true, accuracy: true, loss: true })

/** What a chart shows of an epoch: its scores without their confusion matrices, which are most of its bytes. */
export const epochScoresSchema = epochRecordSchema
  .pick({ epoch: true, step: true, train: true })
  .extend({ validation: scoreSchema.nullable(), test: scoreSchema })
export type EpochScores = z.infer<typeof epochScoresSchema>

export const logLineSchema = z.object({
  /** Milliseconds since 1970. */
  at: z.number(),
  level: z.enum(['info', 'warning', 'error']),
  text: z.string(),
})
export type LogLine = z.infer<typeof logLineSchema>

const progressSchema = z.object({
  step: z.int(),
  totalSteps: z.int(),
  /** Epochs begun, from 1; 0 before the first step. */
  epoch: z.int(),
  totalEpochs: z.int(),
  stepInEpoch: z.int(),
  stepsPerEpoch: z.int(),
  /** Of each run (a pair's two runs train the same number); null until measured. */
  imagesPerSecond: z.number().nullable(),
  /** Seconds of training so far, pauses left out. */
  secondsElapsed: z.number(),
  secondsLeft: z.number().nullable(),
  /** Images evaluated of those to evaluate, while the state is `evaluating`. */
  evaluated: z.object({ images: z.int(), total: z.int() }).nullable(),
})
export type Progress = z.infer<typeof progressSchema>

/**
 * going: the next session begins when the one in training has ended. held: none begins until a person says so.
 * elsewhere: another tab works on the queue.
 */
const QUEUE_STATES = ['going', 'held', 'elsewhere'] as const
export type QueueState = (typeof QUEUE_STATES)[number]

export const eventSchema = z.discriminatedUnion('kind', [
  /** An engine was opened, as this setting asks. */
  z.object({ kind: z.literal('device'), info: deviceInfoSchema, setting: engineSettingSchema }),
  /** Neither WebGPU nor a fallback: nothing can be trained here. */
  z.object({ kind: z.literal('device-failed'), failure: failureSchema }),
  /** The worker could not start, or got a message that it does not know. */
  z.object({ kind: z.literal('worker-failed'), failure: failureSchema }),
  z.object({ kind: z.literal('data-set'), status: dataSetStatusSchema }),
  z.object({
    kind: z.literal('session'),
    session: z.string(),
    state: z.enum(SESSION_STATES),
    /** What is being prepared, in words ("reading 50,000 images"); null in every other state. */
    phase: z.string().nullable(),
    /** Kernels of the network in preparation that are ready, of all that it needs; null while none are compiled. */
    kernels: z.object({ ready: z.int(), total: z.int() }).nullable(),
    /** What happened on the way that a person should know, in a sentence: a device that was lost and replaced. */
    notice: z.string().nullable(),
    failure: failureSchema.nullable(),
    /** In the order of the `start` command. The budget in a config grows when a session is extended. */
    runs: z.array(
      z.object({
        run: z.string(),
        config: runConfigSchema,
        /** Why this run trains no longer while the session goes on with the others (it diverged). */
        failure: failureSchema.nullable(),
      }),
    ),
  }),
  /** How far the whitening is that `compute-whitening` asked for, 0 … 1; null where none is being computed. */
  z.object({ kind: z.literal('whitening'), share: z.number().nullable() }),
  z.object({ kind: z.literal('progress'), session: z.string(), progress: progressSchema }),
  z.object({ kind: z.literal('steps'), run: z.string(), points: z.array(stepPointSchema) }),
  z.object({ kind: z.literal('epoch'), run: z.string(), ...epochRecordSchema.shape }),
  /** Of a `rank-features` under way: test images done, of all. */
  z.object({ kind: z.literal('ranking'), run: z.string(), images: z.int(), total: z.int() }),
  /** The run goes on from a checkpoint: what it reported of later steps is void, and will be reported again. */
  z.object({ kind: z.literal('rewound'), run: z.string(), step: z.int() }),
  /** `run` is null where it concerns no single run. */
  z.object({ kind: z.literal('log'), run: z.string().nullable(), ...logLineSchema.shape }),
  /**
   * Every run that is stored, once the store is open; and those that another tab trains. `failure`: why runs are not
   * stored in this browser, and last as long as the page.
   */
  z.object({
    kind: z.literal('runs'),
    entries: z.array(runEntrySchema),
    elsewhere: z.array(z.string()),
    failure: failureSchema.nullable(),
  }),
  /** A run's entry is new, or was changed, here or in another tab. */
  z.object({ kind: z.literal('run-entry'), entry: runEntrySchema }),
  /** A run is in training in another tab from now on, or no longer. */
  z.object({ kind: z.literal('run-elsewhere'), run: z.string(), elsewhere: z.boolean() }),
  /** Why the last checkpoint could not be stored, while training goes on; null once one could again. */
  z.object({ kind: z.literal('keeping'), failure: failureSchema.nullable() }),
  /** Which sessions wait is in the entries. `failure`: why it is held where no person has held it. */
  z.object({
    kind: z.literal('queue'),
    state: z.enum(QUEUE_STATES),
    failure: failureSchema.nullable(),
  }),
  z.object({ kind: z.literal('storage'), status: storageStatusSchema }),
])
export type TrainEvent = z.infer<typeof eventSchema>
