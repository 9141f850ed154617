// TensorBoard's event files: records of TensorFlow's framing (tensorflow/core/lib/io/record_writer.h), each a protobuf Event
// (core/util/event.proto). Scalars stand at the training step that they are of, steps counting from 1; accuracies are
// shares from 0 to 1. The config is given as the HParams plugin's hyperparameters (tensorboard/plugins/hparams/plugin_data.proto).
import type { RunConfig } from '../config/run-config.ts'
import type { StepPoint } from '../contract/events.ts'
import { crc32c } from './crc32.ts'
import { joinBytes } from './join-bytes.ts'
import type { RunScores } from './metrics-files.ts'
import { type Bytes, double, float, integer, message, text } from './protobuf.ts'

type EpochScores = RunScores['epochs'][number]

/** Whether a file of that name is one of ours. */
export const isEventsFile = (name: string) => /^events\.out\.tfevents\.\d+\.residual-lab$/.test(name)

/** TensorBoard reads every file whose name holds `tfevents`, one run a folder. */
export function eventsFileName(at: number, name: string): string {
  return `events.out.tfevents.${Math.floor(at / 1000)}.${name}`
}

/** What such a file begins with. Times are in milliseconds since 1970, here and below. */
export function eventsFileHead(at: number): Bytes {
  return event(at, null, text(EVENT.fileVersion, 'brain.Event:2'))
}

/** From here on `step` and those after it are told anew: TensorBoard forgets what it has read of them. */
export function restartRecord(step: number, at: number): Bytes {
  const START = 1
  return event(at, step, message(EVENT.sessionLog, [integer(1, START)]))
}

/** What the HParams dashboard compares runs by: every field of the config, by its path in `metrics.json`. */
export function hyperparametersRecord(config: RunConfig, at: number): Bytes {
  const { version: _version, ...said } = config
  const values = leavesOf('', said).map(([path, value]) =>
    message(SESSION_START.hyperparameters, [text(1, path), message(2, [valueOf(value)])]),
  )
  const start = [...values, double(SESSION_START.startSeconds, at / 1000)]
  return event(at, 0, summary([pluginValue('_hparams_/session_start_info', message(PLUGIN.start, start))]))
}

/** How the run that the hyperparameters are of has ended. */
export function endRecord(hasFailed: boolean, at: number): Bytes {
  const [SUCCESS, FAILURE] = [1, 2]
  const end = [integer(1, hasFailed ? FAILURE : SUCCESS), double(2, at / 1000)]
  return event(at, 0, summary([pluginValue('_hparams_/session_end_info', message(PLUGIN.end, end))]))
}

/** A training step's batch. */
export function stepRecord({ step, loss, accuracy, learningRate }: StepPoint, at: number): Bytes {
  return scalarsRecord(step, at, {
    'train/loss': loss,
    'train/accuracy': accuracy,
    'train/learning_rate': learningRate,
  })
}

/** An epoch: means over its steps, and its evaluation, at its last step. */
export function epochRecord({ epoch, step, train, validation, test }: EpochScores, at: number): Bytes {
  return scalarsRecord(step, at, {
    epoch,
    ...(train && { 'train/epoch_loss': train.loss, 'train/epoch_accuracy': train.accuracy }),
    ...(validation && { 'validation/loss': validation.loss, 'validation/accuracy': validation.accuracy }),
    'test/loss': test.loss,
    'test/accuracy': test.accuracy,
  })
}

/** A whole file. Its steps bear the time of their epoch’s evaluation, and all that bears no time `now`. */
export function eventsFile({ config, points, epochs }: RunScores, now: number): Bytes {
  const begun = epochs[0]?.at ?? now
  const records = [eventsFileHead(begun), hyperparametersRecord(config, begun)]
  const known = points.filter(({ learningRate }) => !Number.isNaN(learningRate))
  let next = 0
  for (const epoch of epochs) {
    const at = epoch.at ?? now
    for (; (known[next]?.step ?? Infinity) <= epoch.step; next++) records.push(stepAt(known, next, at))
    records.push(epochRecord(epoch, at))
  }
  for (; next < known.length; next++) records.push(stepAt(known, next, now))
  return joinBytes(records)
}

function stepAt(points: readonly StepPoint[], i: number, at: number): Bytes {
  const point = points[i]
  return point ? stepRecord(point, at) : joinBytes([])
}

/** Numbers of fields. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 } as const
const VALUE = { tag: 1, simpleValue: 2, metadata: 9 } as const
const PLUGIN = { start: 3, end: 4 } as const
const SESSION_START = { hyperparameters: 1, startSeconds: 5 } as const

function event(at: number, step: number | null, what: Bytes): Bytes {
  return record([
    double(EVENT.wallTime, at / 1000),
    ...(step === null ? [] : [integer(EVENT.step, step)]),
    what,
  ])
}

function scalarsRecord(step: number, at: number, scalars: Readonly<Record<string, number>>): Bytes {
  const values = Object.entries(scalars).map(([tag, value]) => [
    text(VALUE.tag, tag),
    float(VALUE.simpleValue, value),
  ])
  return event(at, step, summary(values))
}

function summary(values: readonly (readonly Bytes[])[]): Bytes {
  return message(
    EVENT.summary,
    values.map((fields) => message(1, fields)),
  )
}

/** A value that is for the HParams plugin alone: its message lies in the metadata. */
function pluginValue(tag: string, content: Bytes): Bytes[] {
  const pluginData = message(1, [text(1, 'hparams'), message(2, [content])])
  return [text(VALUE.tag, tag), message(VALUE.metadata, [pluginData])]
}

type Leaf = string | number | boolean

/** The fields of plain data by their paths; what is null is "none", and a list is its JSON. */
function leavesOf(path: string, value: unknown): [path: string, leaf: Leaf][] {
  if (value === null) return [[path, 'none']]
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return [[path, value]]
  if (typeof value !== 'object' || Array.isArray(value)) return [[path, JSON.stringify(value)]]
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(path === '' ? key : `${path}.${key}`, inner),
  )
}

/** A google.protobuf.Value. */
function valueOf(leaf: Leaf): Bytes {
  if (typeof leaf === 'number') return double(2, leaf)
  return typeof leaf === 'string' ? text(3, leaf) : integer(4, leaf ? 1 : 0)
}

const HEAD_BYTES = 12

/** Length (64 bits), its checksum, the data, their checksum; little-endian. */
function record(fields: readonly Uint8Array[]): Bytes {
  const data = joinBytes(fields)
  const bytes = new Uint8Array(HEAD_BYTES + data.length + 4)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(data.length), true)
  view.setUint32(8, masked(crc32c(bytes.subarray(0, 8))), true)
  bytes.set(data, HEAD_BYTES)
  view.setUint32(
    HEAD_BYTES + data.length,
    masked(crc32c(bytes.subarray(HEAD_BYTES, HEAD_BYTES + data.length))),
    true,
  )
  return bytes
}

/** A checksum that is itself among checksummed bytes: rotated by 15 bits, plus a constant. */
const masked = (crc: number) => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
