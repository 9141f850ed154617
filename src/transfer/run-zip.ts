// Whole runs as one zip archive, which imports again: for each a folder with `run.json` (its entry, every step, every
// epoch, its log) and its checkpoints. The files for people beside them are not read again.
import { z } from 'zod'
import { AppError } from '../base/app-error.ts'
import { DATA_SETS } from '../base/data-set.ts'
import { answersSchema } from '../contract/evaluation.ts'
import { type EpochRecord, epochRecordSchema, type LogLine, logLineSchema } from '../contract/events.ts'
import { type RunEntry, runEntrySchema, type StepColumns } from '../contract/run-record.ts'
import { assertContinues } from '../training/checkpoint.ts'
import { readCheckpoint } from './checkpoint-file.ts'
import { crc32 } from './crc32.ts'
import { epochsCsv } from './metrics-files.ts'
import { readZip } from '../files/read-zip.ts'
import { fileKindOf } from '../files/file-kinds.ts'
import { writeZip } from '../files/zip.ts'

/** A run with all that is stored of it. */
export type TravellingRun = {
  readonly entry: RunEntry
  readonly steps: StepColumns
  readonly epochs: readonly EpochRecord[]
  readonly log: readonly LogLine[]
  /** Ascending by steps; files without metrics, as `writeCheckpoint` makes them with `pointsApart`. */
  readonly checkpoints: readonly TravellingCheckpoint[]
}

type TravellingCheckpoint = {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly steps: number
  readonly isBest: boolean
  readonly endsEpoch: boolean
}

const FORMAT = 'residual-lab-run'

/** Of what is written and of what is read alike, so that whatever leaves can come back: 2,499 runs at least. */
const LIMITS = { files: 10_000, fileBytes: 512 * 2 ** 20, archiveBytes: 2 ** 31 - 1 } as const
/** A run has two: its last and its best. */
const MOST_CHECKPOINTS = 4

const column = z
  .array(z.number())
  .max(10_000_000)
  .transform((values) => Float64Array.from(values))
const bytes = z.array(z.int().min(0).max(255)).transform((values) => Uint8Array.from(values))

const runFileSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(1),
  entry: runEntrySchema,
  steps: z
    .strictObject({ loss: column, accuracy: column, learningRate: column })
    .refine(
      ({ loss, accuracy, learningRate }) =>
        accuracy.length === loss.length && learningRate.length === loss.length,
      'the columns have different lengths',
    ),
  epochs: z
    .array(
      epochRecordSchema.extend({
        answers: z.strictObject({ labels: bytes, predicted: bytes }).pipe(answersSchema).nullable(),
      }),
    )
    .max(1_000_000),
  log: z.array(logLineSchema).max(1_000_000),
  /** Which of the folder's checkpoints is what; their files are named by their steps. */
  checkpoints: z
    .array(z.strictObject({ steps: z.int().min(0), isBest: z.boolean(), endsEpoch: z.boolean() }))
    .max(MOST_CHECKPOINTS),
})

/** Completes "… is not a whole run: ", and says what to do, where that is known. */
type Refuse = (what: string, remedy?: string) => AppError

/** @throws AppError `runs-too-large` where one archive does not hold them */
export function writeRunZip(runs: readonly TravellingRun[]): Uint8Array<ArrayBuffer> {
  const files = new Map<string, Uint8Array>([['README.txt', text(README)]])
  for (const { entry, steps, epochs, log, checkpoints } of runs) {
    const { run, config } = entry
    const record = {
      format: FORMAT,
      version: 1,
      entry,
      steps: {
        loss: [...steps.loss],
        accuracy: [...steps.accuracy],
        learningRate: [...steps.learningRate],
      },
      epochs: epochs.map(({ answers, ...rest }) => ({
        ...rest,
        answers: answers && { labels: [...answers.labels], predicted: [...answers.predicted] },
      })),
      log,
      checkpoints: checkpoints.map(({ bytes: _bytes, ...kept }) => kept),
    }
    files.set(`${run}/run.json`, text(JSON.stringify(record)))
    for (const checkpoint of checkpoints) files.set(checkpointPath(run, checkpoint.steps), checkpoint.bytes)
    files.set(`${run}/epochs.csv`, text(epochsCsv([{ run, config, points: [], epochs }])))
  }
  assertFits(files)
  return writeZip(withChecksums(files))
}

function assertFits(files: ReadonlyMap<string, Uint8Array>): void {
  const total = [...files.values()].reduce((sum, { length }) => sum + length, 0)
  // The checksums are one file more, of less than 100 bytes for each.
  if (files.size < LIMITS.files && total + 100 * files.size <= LIMITS.archiveBytes) return
  throw new AppError(
    'runs-too-large',
    `These runs take ${files.size} files of ${(total / 1e6).toFixed(1)} MB in all, and one zip holds ${LIMITS.files} ` +
      `files of ${(LIMITS.archiveBytes / 1e6).toFixed(1)} MB; save fewer of them at once.`,
  )
}

/**
 * What another program did to the archive on the way does no harm: packed it anew, with a folder around it or with files
 * of its own beside ours.
 * @param archive its bytes
 * @returns its runs, every one of them whole: each checkpoint fits its network and its metrics
 * @throws AppError `run-unreadable` saying what is wrong, with which file
 */
export async function readRunZip(
  archive: Uint8Array<ArrayBuffer>,
  fileName: string,
): Promise<TravellingRun[]> {
  const refuse: Refuse = (what, remedy) =>
    new AppError(
      'run-unreadable',
      `${fileName} is not a whole run of this lab: ${what}. Nothing was imported${remedy ? `. ${remedy}` : '; export it again.'}`,
    )
  const kind = fileKindOf(archive)
  if (kind && OTHER_ZIPS.has(kind.id)) throw refuse(`it is ${kind.title}`, kind.remedy?.(fileName))
  const files = asExported(await readZip(archive, fileName, { ...LIMITS, refuse }), refuse)
  const records = [...files.keys()].filter((path) => /^[^/]+\/run\.json$/.test(path))
  if (records.length === 0) throw refuse('no folder in it has a run.json')
  const runs = records.map((path) => readRun(path, files, refuse))
  if (new Set(runs.map(({ entry }) => entry.run)).size < runs.length)
    throw refuse('two of its runs have one id')
  return runs
}

/** Kinds that are zips too, and no runs. */
const OTHER_ZIPS: ReadonlySet<string> = new Set(['pytorch-zip', 'npz', 'cifar-zip'])

const CHECKSUMS = 'checksums.json'
const checksumsSchema = z.record(z.string(), z.int())

/** The files and one more with the CRC-32 of each: a weight or a loss with another bit would still be one. */
export function withChecksums(files: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const sums = [...files].flatMap(([path, file]) => (path === CHECKSUMS ? [] : [[path, crc32(file)]]))
  return new Map([...files, [CHECKSUMS, text(JSON.stringify(Object.fromEntries(sums)))]])
}

/** The files that were exported, by the paths they had then; those that are not ours are left out. */
function asExported(files: ReadonlyMap<string, Uint8Array>, refuse: Refuse): Map<string, Uint8Array> {
  const found = [...files.keys()].filter((path) => path === CHECKSUMS || path.endsWith(`/${CHECKSUMS}`))
  const [sumsAt = CHECKSUMS] = found.toSorted((one, other) => one.length - other.length)
  const sums = checksumsSchema.safeParse(parseJson(files.get(sumsAt)))
  if (!sums.success) throw refuse(`it lacks a readable ${CHECKSUMS}`)
  const around = sumsAt.slice(0, -CHECKSUMS.length)
  return new Map(
    Object.entries(sums.data).map(([path, sum]) => {
      const file = files.get(around + path)
      if (!file) throw refuse(`${path} is missing`)
      if (crc32(file) !== sum) throw refuse(`${path} is not what was exported`)
      return [path, file]
    }),
  )
}

function readRun(path: string, files: ReadonlyMap<string, Uint8Array>, refuse: Refuse): TravellingRun {
  const parsed = runFileSchema.safeParse(parseJson(files.get(path)))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw refuse(`${path} is not valid at ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? ''}`)
  }
  const { entry, steps, epochs, log, checkpoints } = parsed.data
  const folder = path.slice(0, path.indexOf('/'))
  if (folder !== entry.run) throw refuse(`${path} is of run ${entry.run}`)
  if (!ascends(epochs.map(({ epoch }) => epoch))) throw refuse(`${path} has epochs out of order`)
  const { classes } = DATA_SETS[entry.config.data.set]
  const odd = epochs.find((epoch) => !isOfClasses(epoch, classes))
  if (odd) throw refuse(`${path} has scores after epoch ${odd.epoch} that are not of ${classes} classes`)
  if (!ascends(checkpoints.map((checkpoint) => checkpoint.steps)))
    throw refuse(`${path} has checkpoints out of order`)
  return {
    entry,
    steps,
    epochs,
    log,
    checkpoints: checkpoints.map(({ steps: taken, isBest, endsEpoch }) => {
      const file = checkpointPath(folder, taken)
      const bytesOfFile = files.get(file)
      if (!bytesOfFile) throw refuse(`${file} is missing`)
      if (taken > steps.loss.length) throw refuse(`${path} lacks metrics before step ${taken}`)
      assertCheckpoint(bytesOfFile, file, entry, firstPoints(steps, taken), refuse)
      return { steps: taken, isBest, endsEpoch, bytes: Uint8Array.from(bytesOfFile) }
    }),
  }
}

/** Whether confusion matrices, metrics by class and answers are all of so many classes. */
function isOfClasses({ test, validation, answers }: EpochRecord, classes: number): boolean {
  const isIndex = (label: number) => label < classes
  return (
    [test, validation].every(
      (score) =>
        score === null ||
        (score.perClass.length === classes &&
          score.confusion.length === classes &&
          score.confusion.every((row) => row.length === classes && row.every((count) => count >= 0))),
    ) &&
    (answers === null || (answers.labels.every(isIndex) && answers.predicted.every(isIndex)))
  )
}

function assertCheckpoint(
  file: Uint8Array,
  path: string,
  { config }: RunEntry,
  points: Parameters<typeof readCheckpoint>[2],
  refuse: Refuse,
): void {
  try {
    assertContinues(config, readCheckpoint(file, path, points))
  } catch (error) {
    if (error instanceof AppError) throw refuse(error.message)
    throw error
  }
}

function firstPoints({ loss, accuracy, learningRate }: StepColumns, count: number) {
  return Array.from({ length: count }, (_, i) => ({
    step: i + 1,
    loss: loss[i] ?? Number.NaN,
    accuracy: accuracy[i] ?? Number.NaN,
    learningRate: learningRate[i] ?? Number.NaN,
  }))
}

const checkpointPath = (run: string, steps: number) => `${run}/checkpoint-${steps}.safetensors`

const ascends = (values: readonly number[]) =>
  values.every((value, i) => i === 0 || value > (values[i - 1] ?? Infinity))

function parseJson(file: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file))
  } catch {
    return null
  }
}

const text = (content: string) => new TextEncoder().encode(content)

const README = `Runs of Residual Lab, a folder for each. Drop this archive on the page to have them again: they go on where they stood.

run.json                the set-up, every step, every epoch with its confusion matrix, the log
checkpoint-N.safetensors  parameters, optimiser state and batch-norm statistics after N steps (of the last step, and of the best epoch)
epochs.csv              the epochs for a spreadsheet; it is not read again
`
