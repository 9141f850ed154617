// TensorBoard's event files, with the four scalars that mbsariyildiz/resnet-pytorch logs (src/clf_trainer.py): records of
// TensorFlow's framing (tensorflow/core/lib/io/record_writer.h), each a protobuf Event (core/util/event.proto).
import { crc32c } from './crc32.ts'
import { joinBytes } from './join-bytes.ts'
import { double, float, integer, message, text } from './protobuf.ts'

export type EpochScalars = {
  /** From 1; the author's first step is 0, so an epoch stands at the step before its number. */
  readonly epoch: number
  /** Milliseconds since 1970. */
  readonly at: number
  /** Means over the epoch; shares from 0 to 1, which the author logs in percent. */
  readonly train: { readonly loss: number; readonly accuracy: number }
  readonly test: { readonly accuracy: number }
  /** Of the epoch's last step. */
  readonly learningRate: number
}

/** Whether a file of that name is one of ours. */
export const isEventsFile = (name: string) => /^events\.out\.tfevents\.\d+\.residual-lab$/.test(name)

/** TensorBoard reads every file whose name holds `tfevents`, one run a folder. */
export function eventsFileName(at: number, name: string): string {
  return `events.out.tfevents.${Math.floor(at / 1000)}.${name}`
}

/** What such a file begins with. */
export function eventsFileHead(at: number): Uint8Array<ArrayBuffer> {
  return record([double(1, at / 1000), text(3, 'brain.Event:2')])
}

/** An epoch's scalars; records are only ever appended. */
export function epochRecord({ epoch, at, train, test, learningRate }: EpochScalars): Uint8Array<ArrayBuffer> {
  const scalars = {
    test_acc: 100 * test.accuracy,
    train_acc: 100 * train.accuracy,
    train_loss: train.loss,
    learning_rate: learningRate,
  }
  const summary = Object.entries(scalars).map(([tag, value]) => message(1, [text(1, tag), float(2, value)]))
  return record([double(1, at / 1000), integer(2, epoch - 1), message(5, summary)])
}

/** A whole file: `epochs` ascending. */
export function eventsFile(epochs: readonly EpochScalars[]): Uint8Array<ArrayBuffer> {
  return joinBytes([eventsFileHead(epochs[0]?.at ?? 0), ...epochs.map(epochRecord)])
}

const HEAD_BYTES = 12

/** Length (64 bits), its checksum, the data, their checksum; little-endian. */
function record(fields: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
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
