// Metrics of steps as columns: what grows while a run trains, what is stored, in pieces, and what charts are drawn from.
import type { StepPoint } from '../contract/events.ts'
import type { StepColumns } from '../contract/run-record.ts'

type Column = Float64Array<ArrayBuffer>

export const NO_STEPS: StepColumns = {
  loss: new Float64Array(),
  accuracy: new Float64Array(),
  learningRate: new Float64Array(),
}

/** Columns with more rows. What was there stays as it is; its memory is shared where there is room behind it. */
export function withRows(columns: StepColumns, points: readonly StepPoint[]): StepColumns {
  const { length } = columns.loss
  const [loss, accuracy, learningRate] = [
    grown(columns.loss, points.length),
    grown(columns.accuracy, points.length),
    grown(columns.learningRate, points.length),
  ]
  let i = length
  for (const point of points) {
    loss[i] = point.loss
    accuracy[i] = point.accuracy
    learningRate[i++] = point.learningRate
  }
  return { loss, accuracy, learningRate }
}

/** The rows from one on up to another, in the same memory. */
export function rowsBetween(
  { loss, accuracy, learningRate }: StepColumns,
  from: number,
  to: number,
): StepColumns {
  return {
    loss: loss.subarray(from, to),
    accuracy: accuracy.subarray(from, to),
    learningRate: learningRate.subarray(from, to),
  }
}

/** In memory of their own, which holds nothing else: a message or a database would copy all of it. */
export function copiedRows({ loss, accuracy, learningRate }: StepColumns): StepColumns {
  return { loss: loss.slice(), accuracy: accuracy.slice(), learningRate: learningRate.slice() }
}

/** Pieces one after another, as one. */
export function joinColumns(pieces: readonly StepColumns[]): StepColumns {
  return {
    loss: join(pieces.map(({ loss }) => loss)),
    accuracy: join(pieces.map(({ accuracy }) => accuracy)),
    learningRate: join(pieces.map(({ learningRate }) => learningRate)),
  }
}

/** Row i as the point of step i + 1. */
export function pointsOfColumns({ loss, accuracy, learningRate }: StepColumns): StepPoint[] {
  return Array.from(loss, (value, i) => ({
    step: i + 1,
    loss: value,
    accuracy: accuracy[i] ?? Number.NaN,
    learningRate: learningRate[i] ?? Number.NaN,
  }))
}

/** Up to which byte a buffer holds rows: only the column that ends there may grow into the room behind. */
const rowsEnd = new WeakMap<ArrayBuffer, number>()
const LEAST_ROOM = 64

function grown(column: Column, rows: number): Column {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = column
  const length = column.length + rows
  const end = byteOffset + length * BYTES_PER_ELEMENT
  if (rowsEnd.get(buffer) === byteOffset + byteLength && end <= buffer.byteLength) {
    rowsEnd.set(buffer, end)
    return new Float64Array(buffer, byteOffset, length)
  }
  const room = new Float64Array(Math.max(LEAST_ROOM, 2 * length))
  room.set(column)
  rowsEnd.set(room.buffer, length * BYTES_PER_ELEMENT)
  return room.subarray(0, length)
}

function join(pieces: readonly Column[]): Column {
  const joined = new Float64Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    joined.set(piece, at)
    at += piece.length
  }
  return joined
}
