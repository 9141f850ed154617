// How what a network keeps from step to step lies in its buffers.
import type { Graph } from '../../network/graph.ts'
import type { CompileOptions } from '../engine.ts'
import { slotNames } from '../optimiser.ts'
import type { BufferName, BufferRange } from './dispatch.ts'
import { type FlatLayout, layOut } from './flat-tensors.ts'
import { normalisationTableBytes } from './kernels/decode.ts'
import { DECAY_STRETCH_BYTES } from './kernels/optimise.ts'
import { activationBytes, FLOAT_BYTES } from './layout.ts'
import { METRICS_SLOT_BYTES, METRICS_SLOTS } from './metrics-ring.ts'
import { uploadLayout, type UploadLayout } from './upload.ts'

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

/** @param capacity images a batch at most, of steps and evaluations alike */
export function networkLayout(
  graph: Graph,
  { optimiser, normalisation }: Pick<CompileOptions, 'optimiser' | 'normalisation'>,
  capacity: number,
): NetworkLayout {
  const parameters = layOut(graph.parameters)
  const statistics = layOut(graph.statistics)
  const slots = slotNames(optimiser)
  const upload = uploadLayout(capacity)
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
      batch: upload.bytes,
      metrics: METRICS_SLOTS * METRICS_SLOT_BYTES,
      logits: activationBytes(capacity, { height: 1, width: 1, channels: graph.classes }),
    },
  }
}

export function wholeBuffer({ bytes }: NetworkLayout, buffer: SizedBuffer): BufferRange {
  return { buffer, offset: 0, bytes: bytes[buffer] }
}

/** Where each of the optimiser's slots lies, by name. */
export function slotRanges({ slots, parameters: { bytes } }: NetworkLayout): Record<string, BufferRange> {
  return Object.fromEntries(slots.map((name, i) => [name, { buffer: 'slots', offset: i * bytes, bytes }]))
}
