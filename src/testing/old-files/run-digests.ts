// What a run is, bit by bit, from its files: tensors by their names, metrics of every step, scores of every epoch. Read
// without the lab's own readers, so that a format that changes on both sides does not go unseen.
import { createHash } from 'node:crypto'
import { unzipSync } from 'fflate'
import { z } from 'zod'

export const runDigestSchema = z.strictObject({
  /** Steps taken. */
  steps: z.int(),
  /** Of parameters, batch-norm statistics and optimiser slots: names, shapes and values. */
  tensors: z.string(),
  /** Of loss, accuracy and learning rate of each step. */
  metrics: z.string(),
  /** Of each epoch's training, validation and test scores. */
  epochs: z.string(),
  /** As it was reported, for people. */
  lastLoss: z.number().nullable(),
  testAccuracy: z.number().nullable(),
})
export type RunDigest = z.infer<typeof runDigestSchema>

const scoreSchema = z
  .object({ loss: z.number(), accuracy: z.number(), correct: z.number(), total: z.number() })
  .nullable()
const epochSchema = z.object({
  epoch: z.number(),
  step: z.number(),
  train: z.object({ loss: z.number(), accuracy: z.number() }).nullable(),
  validation: scoreSchema,
  test: scoreSchema,
})
const columnSchema = z.array(z.number())

/** As an archive has it. */
export const runEntryFileSchema = z.looseObject({
  run: z.string(),
  session: z.string(),
  state: z.string(),
  config: z.unknown(),
})

const runFileSchema = z.object({
  entry: runEntryFileSchema,
  steps: z.object({ loss: columnSchema, accuracy: columnSchema, learningRate: columnSchema }),
  epochs: z.array(epochSchema),
  log: z.array(z.object({ at: z.number(), level: z.string(), text: z.string() })),
  checkpoints: z.array(z.object({ steps: z.number(), isBest: z.boolean(), endsEpoch: z.boolean() })),
})
type RunFile = z.infer<typeof runFileSchema>

/** What is to be the same in every version's archive of a run. */
export type ArchivedRun = {
  readonly entry: RunFile['entry']
  /** As of its last checkpoint; null where it has none. */
  readonly digest: RunDigest | null
  /** Of its lines. */
  readonly log: string
}

/** An exported archive's runs, by id. */
export function archivedRuns(archive: Uint8Array): Record<string, ArchivedRun> {
  const files = unzipSync(archive)
  return Object.fromEntries(
    Object.entries(files).flatMap(([path, bytes]) => {
      if (!path.endsWith('/run.json')) return []
      const file = runFileSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
      const last = file.checkpoints.at(-1)?.steps
      const checkpoint =
        last === undefined ? undefined : files[`${file.entry.run}/checkpoint-${last}.safetensors`]
      const { loss, accuracy, learningRate } = file.steps
      const points = loss.map((value, i) => pointOf(value, accuracy[i], learningRate[i]))
      const digest = checkpoint ? digestOf(readTensors(checkpoint).digest, points, file.epochs) : null
      return [[file.entry.run, { entry: file.entry, digest, log: sha256(JSON.stringify(file.log)) }]]
    }),
  )
}

const recordSchema = z.object({
  points: z.array(z.object({ loss: z.number(), accuracy: z.number(), learningRate: z.number() })),
  epochs: z.array(epochSchema),
})

/** Of a checkpoint with its metrics, as the command line writes it. */
export function digestOfCheckpoint(bytes: Uint8Array): RunDigest {
  const { metadata, digest } = readTensors(bytes)
  const { points, epochs } = recordSchema.parse(JSON.parse(metadata['record'] ?? ''))
  return digestOf(
    digest,
    points.map(({ loss, accuracy, learningRate }) => pointOf(loss, accuracy, learningRate)),
    epochs,
  )
}

function digestOf(
  tensors: string,
  points: readonly (readonly (number | undefined)[])[],
  epochs: readonly z.infer<typeof epochSchema>[],
): RunDigest {
  return {
    steps: points.length,
    tensors,
    metrics: sha256(JSON.stringify(points)),
    epochs: sha256(JSON.stringify(z.array(epochSchema).parse(epochs))),
    lastLoss: points.at(-1)?.[0] ?? null,
    testAccuracy: epochs.at(-1)?.test?.accuracy ?? null,
  }
}

const tensorSchema = z.object({
  dtype: z.literal('F32'),
  shape: z.array(z.int()),
  data_offsets: z.tuple([z.int(), z.int()]),
})
const headerSchema = z.object({ __metadata__: z.record(z.string(), z.string()) }).catchall(tensorSchema)

/** A safetensors file: the header's length in 8 bytes, the header as JSON, the tensors. */
function readTensors(bytes: Uint8Array): { metadata: Record<string, string>; digest: string } {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const { __metadata__: metadata, ...tensors } = headerSchema.parse(
    JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))),
  )
  const hash = createHash('sha256')
  for (const [name, { shape, data_offsets: offsets }] of Object.entries(tensors).toSorted(byName)) {
    hash.update(`${name} ${shape.join('×')} `)
    hash.update(bytes.subarray(8 + length + offsets[0], 8 + length + offsets[1]))
  }
  return { metadata, digest: hash.digest('hex') }
}

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]) =>
  one < other ? -1 : 1

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Rates as float32, which is what trains: the last bit of a cosine in float64 is the JavaScript engine's own. */
const pointOf = (loss: number, accuracy = Number.NaN, rate = Number.NaN) => [
  loss,
  accuracy,
  Math.fround(rate),
]
