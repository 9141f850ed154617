// What the page asks of the worker. Every command has one reply; its type follows from the command's kind.
import { z } from 'zod'
import { PARAMETER_NAMINGS } from '../network/parameter-namings.ts'
import { DATA_SET_IDS, SPLITS } from '../base/data-set.ts'
import { answersSchema, evaluationSchema } from './evaluation.ts'
import { engineSettingSchema } from './engine-setting.ts'
import { featureGridSchema } from './feature-grid.ts'
import { augmentationConfigSchema, normalisationSchema, whiteningSchema } from '../base/image-config.ts'
import type { ParameterRole } from '../network/graph.ts'
import { networkConfigSchema } from '../network/network-config.ts'
import { runConfigSchema } from '../config/run-config.ts'
import { NAME_LENGTH, NOTES_LENGTH, runEntrySchema, runIdSchema, stepColumnsSchema } from './run-record.ts'
import { epochRecordSchema, epochScoresSchema, logLineSchema } from './events.ts'
import { failureSchema } from './failure.ts'
import { kernelShareSchema } from './kernel-share.ts'

/** Pictures of one reply: 1.3 MB. */
export const MOST_PICTURES = 320

const set = z.enum(DATA_SET_IDS)
const session = runIdSchema
const bytes = z.instanceof(Uint8Array)
/** True where the person agrees that another engine than the one of the checkpoint goes on; else that is refused. */
const mayChangeEngine = z.boolean().optional()

/** The training images of a run, as its network takes them. */
const imagesOfRun = {
  set,
  limitTrain: z.int().min(1).nullable(),
  normalisation: normalisationSchema,
  whitening: whiteningSchema,
}

/** New runs of a session, one or two in lockstep; their ids are the page's. */
const newRuns = z
  .array(z.object({ run: runIdSchema, config: runConfigSchema }))
  .min(1)
  .max(2)

/** Batch norm's γ and β, the vectors that a page may ask for: all of a ResNet-1202 take 0.6 MB. */
export const INSPECTED_ROLES = ['scale', 'shift'] as const satisfies ParameterRole[]

/** Sessions that are queued at once. */
export const MOST_QUEUED = 200

const commandSchema = z.discriminatedUnion('kind', [
  /** Opens the engine of this setting; while a session is in training or paused, once that has ended. */
  z.object({ kind: z.literal('choose-engine'), setting: engineSettingSchema }),

  /** Begins a session; ends the session before it. */
  z.object({
    kind: z.literal('start'),
    session,
    runs: newRuns,
    /** True to begin paused, as "Step" does. */
    paused: z.boolean(),
  }),
  z.object({ kind: z.literal('pause'), session }),
  z.object({ kind: z.literal('resume'), session }),
  /** One optimiser step of every run, then pause. */
  z.object({ kind: z.literal('step'), session }),
  z.object({ kind: z.literal('stop'), session }),
  /** Stores a checkpoint as soon as the step under way is done: the page may be gone soon. */
  z.object({ kind: z.literal('keep'), session }),
  /** More epochs after the budget is spent, or before. */
  z.object({
    kind: z.literal('extend'),
    session,
    epochs: z.int().min(1).max(10_000),
    mayChangeEngine,
  }),

  /**
   * Goes on with stored runs of one session from their last checkpoints, as if nothing had happened; ends the session
   * before it. `epochs` more than their budget where not 0.
   */
  z.object({
    kind: z.literal('resume-runs'),
    session,
    runs: z.array(z.string()).min(1).max(2),
    paused: z.boolean(),
    epochs: z.int().min(0).max(10_000),
    mayChangeEngine,
  }),

  /** Sessions wait for their turns, behind those that wait already. `group` where they belong together. */
  z.object({
    kind: z.literal('queue-add'),
    group: runIdSchema.nullable(),
    sessions: z
      .array(z.object({ session, runs: newRuns }))
      .min(1)
      .max(MOST_QUEUED),
  }),
  /** Puts a waiting session before another, or last where `before` is null. */
  z.object({ kind: z.literal('queue-move'), session, before: session.nullable() }),
  /** Deletes waiting sessions; `restore-runs` undoes that. One that was begun only leaves the queue. */
  z.object({ kind: z.literal('queue-cancel'), sessions: z.array(session).min(1) }),
  /** No session begins until `queue-go`; the one in training goes on. */
  z.object({ kind: z.literal('queue-hold') }),
  z.object({ kind: z.literal('queue-go'), mayChangeEngine }),

  /** All that a stored run has reported. */
  z.object({ kind: z.literal('load-run'), run: z.string() }),
  /** What a comparison needs of a run, which is a small part of it. */
  z.object({ kind: z.literal('load-curves'), run: z.string() }),
  z.object({
    kind: z.literal('change-run'),
    run: z.string(),
    name: z.string().max(NAME_LENGTH).optional(),
    notes: z.string().max(NOTES_LENGTH).optional(),
  }),
  /** Runs that are in training here or elsewhere are refused. Undone by `restore-runs` for a day. */
  z.object({ kind: z.literal('delete-runs'), runs: z.array(z.string()).min(1) }),
  z.object({ kind: z.literal('restore-runs'), runs: z.array(z.string()).min(1) }),
  /** Stored runs whole, as one zip archive, which holds as many as the archive's own limits allow. */
  z.object({ kind: z.literal('export-runs'), runs: z.array(z.string()).min(1) }),
  /** The runs of such an archive, all or none; `prefix` begins the ids of those whose own are taken. */
  z.object({ kind: z.literal('import-runs'), file: z.file(), prefix: z.string().regex(/^\w{1,32}$/) }),
  /** The answer is a `storage` event. */
  z.object({ kind: z.literal('measure-storage') }),

  /** Begins or continues a download. `url` null: from the page's own origin or the mirror set at build time. */
  z.object({ kind: z.literal('fetch-data'), set, url: z.string().nullable() }),
  z.object({ kind: z.literal('pause-fetch'), set }),
  /** Ends a download, or an unpacking, and drops what it had. */
  z.object({ kind: z.literal('cancel-fetch'), set }),
  /** An archive (.tar.gz), or all of its .bin files; which data set it is follows from the names inside. */
  z.object({ kind: z.literal('import-data'), files: z.array(z.file()).min(1).max(64) }),
  z.object({ kind: z.literal('remove-data'), set }),

  /** Stored images of a split, of one class or of all, `offset` of them skipped. */
  z.object({
    kind: z.literal('browse'),
    set,
    split: z.enum(SPLITS),
    label: z.int().min(0).nullable(),
    offset: z.int().min(0),
    count: z.int().min(1).max(200),
  }),
  /** The first training images, augmented as the trainer would, and whitened where that matrix was computed before. */
  z.object({
    kind: z.literal('preview-augmentation'),
    ...imagesOfRun,
    augmentation: augmentationConfigSchema,
    seed: z.int(),
    count: z.int().min(1).max(25),
  }),

  /** Computes the whitening of a run and keeps it; how far that is comes as events. One at a time. */
  z.object({ kind: z.literal('compute-whitening'), ...imagesOfRun }),
  z.object({ kind: z.literal('cancel-whitening') }),

  /** A run's weights, in these parameter names where the format has an author's; a folder comes as a zip archive. */
  z.object({
    kind: z.literal('export-weights'),
    run: z.string(),
    naming: z.enum(PARAMETER_NAMINGS),
    /** The id of a format of checkpoints (transfer/formats). */
    format: z.string().max(64),
  }),
  /**
   * The score of a safetensors file on a test split. The network and what becomes of images are those in the file's metadata;
   * where it has none, these; where its tensors are not of this network, those of the preset that they are of.
   */
  z.object({
    kind: z.literal('evaluate-weights'),
    file: z.file(),
    set,
    limit: z.int().min(1).nullable(),
    network: networkConfigSchema,
    normalisation: normalisationSchema,
    whitening: whiteningSchema,
  }),

  /** A run's parameters of these roles as they are now, or as of its last checkpoint; 1 MB at most. */
  z.object({
    kind: z.literal('read-parameters'),
    run: z.string(),
    roles: z.array(z.enum(INSPECTED_ROLES)).min(1),
  }),
  /** Which test images a run's last features answer to; progress comes as `ranking` events. */
  z.object({ kind: z.literal('rank-features'), run: z.string() }),
  /** Test images by their places in the split. */
  z.object({ kind: z.literal('pictures'), set, indices: z.array(z.int().min(0)).max(MOST_PICTURES) }),
  /** A feature grid as a PNG file. */
  z.object({ kind: z.literal('draw-features'), set, grid: featureGridSchema }),
  /** What each kernel of a step of this run would take, on a network of its own. */
  z.object({ kind: z.literal('profile'), config: runConfigSchema }),
])
export type Command = z.infer<typeof commandSchema>
export type CommandKind = Command['kind']
export type CommandOf<K extends CommandKind> = Extract<Command, { kind: K }>

/** Images as RGBA, ready for a canvas: count × 32 × 32 × 4 bytes. */
const galleryShape = { labels: z.array(z.int()), indices: z.array(z.int()), rgba: bytes }
const done = z.null()

/** Where an imported file's network was taken from. */
const networkOriginSchema = z.discriminatedUnion('kind', [
  /** From the config that this lab wrote into it. */
  z.object({ kind: z.literal('file') }),
  /** From the command, whose network has the file's tensors. */
  z.object({ kind: z.literal('settings') }),
  /** From a preset that has so many tensors of the same names and shapes; `identityKnown` false where both kinds have. */
  z.object({
    kind: z.literal('names'),
    preset: z.string(),
    tensors: z.int(),
    identityKnown: z.boolean(),
  }),
])
export type NetworkOrigin = z.infer<typeof networkOriginSchema>

export const replySchemas = {
  'choose-engine': done,
  start: done,
  pause: done,
  resume: done,
  step: done,
  stop: done,
  keep: done,
  extend: done,
  'resume-runs': done,
  'queue-add': done,
  'queue-move': done,
  'queue-cancel': done,
  'queue-hold': done,
  'queue-go': done,
  'load-run': z.object({
    steps: stepColumnsSchema,
    epochs: z.array(epochRecordSchema),
    log: z.array(logLineSchema),
  }),
  'load-curves': z.object({
    steps: stepColumnsSchema,
    epochs: z.array(epochScoresSchema),
    /** To the test images, of the newest epoch. */
    answers: answersSchema.nullable(),
  }),
  'change-run': done,
  'delete-runs': done,
  'restore-runs': done,
  'export-runs': z.object({ fileName: z.string(), bytes }),
  'import-runs': z.object({ entries: z.array(runEntrySchema) }),
  'measure-storage': done,
  'fetch-data': done,
  'pause-fetch': done,
  'cancel-fetch': done,
  /** The data set that the files turned out to be. */
  'import-data': z.object({ set }),
  'remove-data': done,
  /** `total`: images that match, of which these are a page. */
  browse: z.object({ ...galleryShape, total: z.int() }),
  /** `whitened`: the time that the matrix took to compute, where the images are whitened; null where they are not. */
  'preview-augmentation': z.object({
    ...galleryShape,
    whitened: z.object({ seconds: z.number() }).nullable(),
  }),
  'compute-whitening': done,
  'cancel-whitening': done,
  'export-weights': z.object({ fileName: z.string(), bytes }),
  'evaluate-weights': z.object({
    network: networkConfigSchema,
    networkFrom: networkOriginSchema,
    evaluation: evaluationSchema,
  }),
  'read-parameters': z.object({
    config: runConfigSchema,
    /** Taken by the run when its parameters were read. */
    steps: z.int(),
    /** In the order of the network. */
    parameters: z.array(
      z.object({
        /** PyTorch's, as in a state_dict of this lab's own naming. */
        name: z.string(),
        role: z.enum(INSPECTED_ROLES),
        shape: z.array(z.int()),
        values: z.instanceof(Float32Array),
      }),
    ),
  }),
  'rank-features': z.object({
    config: runConfigSchema,
    /** Taken by the run when its weights were read. */
    steps: z.int(),
    grid: featureGridSchema,
  }),
  pictures: z.object(galleryShape),
  'draw-features': z.object({ bytes }),
  /** The costliest first. */
  profile: z.object({ kernels: z.array(kernelShareSchema) }),
} satisfies Record<CommandKind, z.ZodType>
export type ReplyOf<K extends CommandKind> = z.infer<(typeof replySchemas)[K]>

/** Page → worker. */
export const requestSchema = z.object({ id: z.int(), command: commandSchema })
/** Worker → page, besides events. */
export const responseSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), id: z.int(), value: z.unknown() }),
  z.object({ kind: z.literal('failed'), id: z.int(), failure: failureSchema }),
])
export type Response = z.infer<typeof responseSchema>
