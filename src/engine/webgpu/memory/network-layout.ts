// How what a network keeps from step to step lies in its buffers.
import { featuresNode, type Graph } from '../../../network/graph.ts'
import type { CompileOptions } from '../../engine.ts'
import { slotNames } from '../../../optimisers/index.ts'
import type { BufferName, BufferRange } from '../lowering/dispatch.ts'
import { type FlatLayout, layOut } from './flat-tensors.ts'
import { SCORED_IMAGES, TALLY_LOSS_BYTES } from '../kernels/count.ts'
import { normalisationTableBytes } from '../../image-upload.ts'
import { DECAY_STRETCH_BYTES } from '../kernels/optimise/optimise.ts'
import { WHITENING_MATRIX_BYTES, WHITENING_MEAN_BYTES } from '../kernels/images/whiten.ts'
import { activationBytes, FLOAT_BYTES } from './layout.ts'
import { aligned } from '../../compiler/place-lifetimes.ts'
import { METRICS_SLOT_BYTES, METRICS_SLOTS } from '../device/metrics-ring.ts'
import { uploadLayout, type UploadLayout } from '../device/upload.ts'

/** Buffers whose size follows from the network and its batch; that of `partials` follows from the kernels. */
export type SizedBuffer = Exclude<BufferName, 'partials'>

export type NetworkLayout = {
  /** Of the parameters, their gradients and each of the optimiser's slots. */
  readonly parameters: FlatLayout
  readonly statistics: FlatLayout
  /** The optimiser's slots, in the order in which they lie in their buffer. */
  readonly slots: readonly string[]
  readonly upload: UploadLayout
  readonly bytes: Readonly<Record<SizedBuffer, number>>
}

const COUNT_BYTES = 4

/** @param capacity images a batch at most, of steps and evaluations alike */
export function networkLayout(
  graph: Graph,
  { optimiser, normalisation, whitening }: Pick<CompileOptions, 'optimiser' | 'normalisation' | 'whitening'>,
  capacity: number,
): NetworkLayout {
  const parameters = layOut(graph.parameters)
  const statistics = layOut(graph.statistics)
  const slots = slotNames(optimiser)
  const upload = uploadLayout(capacity)
  const vectors = (channels: number) => activationBytes(capacity, { height: 1, width: 1, channels })
  return {
    parameters,
    statistics,
    slots,
    upload,
    bytes: {
      parameters: parameters.bytes,
      gradients: parameters.bytes,
      slots: slots.length * parameters.bytes,
      statistics: statistics.bytes,
      decay: (parameters.bytes / DECAY_STRETCH_BYTES) * FLOAT_BYTES,
      normalised: normalisationTableBytes(normalisation),
      whitening: whitening ? WHITENING_MEAN_BYTES + WHITENING_MATRIX_BYTES : 0,
      batch: upload.bytes,
      metrics: METRICS_SLOTS * METRICS_SLOT_BYTES,
      logits: vectors(graph.classes),
      features: vectors(featuresNode(graph).shape.channels),
      tally: tallyRanges(graph).predicted.offset + SCORED_IMAGES,
    },
  }
}

export function wholeBuffer({ bytes }: NetworkLayout, buffer: SizedBuffer): BufferRange {
  return { buffer, offset: 0, bytes: bytes[buffer] }
}

/** The parts of the buffer `whitening`. */
export const WHITENING_RANGES: Readonly<Record<'mean' | 'matrix', BufferRange>> = {
  mean: { buffer: 'whitening', offset: 0, bytes: WHITENING_MEAN_BYTES },
  matrix: { buffer: 'whitening', offset: WHITENING_MEAN_BYTES, bytes: WHITENING_MATRIX_BYTES },
}

/** The parts of the tally: sums of losses, the counts of answers, and each answer in a byte. */
export function tallyRanges({
  classes,
}: Pick<Graph, 'classes'>): Record<'losses' | 'confusion' | 'predicted', BufferRange> {
  const losses: BufferRange = { buffer: 'tally', offset: 0, bytes: TALLY_LOSS_BYTES }
  const confusion: BufferRange = {
    buffer: 'tally',
    offset: TALLY_LOSS_BYTES,
    bytes: classes ** 2 * COUNT_BYTES,
  }
  const predicted: BufferRange = {
    buffer: 'tally',
    offset: confusion.offset + aligned(confusion.bytes),
    bytes: SCORED_IMAGES,
  }
  return { losses, confusion, predicted }
}

/** Where each of the optimiser's slots lies, by name. */
export function slotRanges({ slots, parameters: { bytes } }: NetworkLayout): Record<string, BufferRange> {
  return Object.fromEntries(slots.map((name, i) => [name, { buffer: 'slots', offset: i * bytes, bytes }]))
}
