// What a network keeps on the device from step to step: its state, its gradients, the batch, the metrics, the answers.
import type { Batch, CompileOptions, TrainerState } from '../engine.ts'
import type { Graph } from '../../network/graph.ts'
import type { BufferName } from './dispatch.ts'
import { pack, unpack } from './flat-tensors.ts'
import { normalisationTable } from './kernels/decode.ts'
import { WEIGHT_WINDOW_BYTES } from './kernels/filter-binding.ts'
import { packWhitening } from './kernels/whiten.ts'
import type { NetworkLayout, SizedBuffer } from './network-layout.ts'
import { readBack } from './read-back.ts'
import { encodeUpload, type StepFigures } from './upload.ts'
import { decayTable } from './weight-decay.ts'

export type NetworkMemory = {
  readonly buffers: Readonly<Record<BufferName, GPUBuffer>>
  /** Makes this the batch that the next submission works on. */
  upload(batch: Batch, figures: StepFigures): void
  /** @throws AppError `weights-mismatch` for the state of another network; nothing is written then */
  write(state: TrainerState): void
  /** The state after every command submitted so far; no slots where there is no training. */
  read(): Promise<Omit<TrainerState, 'steps'>>
  destroy(): void
}

export type MemoryOptions = Pick<CompileOptions, 'normalisation' | 'optimiser' | 'whitening'> & {
  readonly graph: Graph
  readonly layout: NetworkLayout
  /** Of the convolutions' weight gradients; null where there is no training, and what only it needs takes no memory. */
  readonly partialBytes: number | null
}

/** The least that a buffer may have; nobody reads it. */
const NOTHING = 256

export function createNetworkMemory(device: GPUDevice, options: MemoryOptions): NetworkMemory {
  const { layout, graph, optimiser, normalisation, whitening } = options
  const buffers = createBuffers(device, options)
  const slots = options.partialBytes === null ? [] : layout.slots
  const staging = new ArrayBuffer(layout.upload.bytes)
  const fill = (name: BufferName, values: Float32Array<ArrayBuffer>) =>
    device.queue.writeBuffer(buffers[name], 0, values)

  fill('normalised', normalisationTable(normalisation))
  if (whitening) fill('whitening', packWhitening(whitening))
  if (options.partialBytes !== null) fill('decay', decayTable(layout.parameters, graph.parameters, optimiser))

  return {
    buffers,

    upload(batch, figures) {
      const bytes = encodeUpload(layout.upload, batch, figures, staging)
      device.queue.writeBuffer(buffers.batch, 0, staging, 0, bytes)
    },

    write(state) {
      const packed = pack(layout.parameters, state.parameters)
      const packedStatistics = pack(layout.statistics, state.statistics)
      const packedSlots = slots.map((name) => {
        const values = state.slots[name]
        return values ? pack(layout.parameters, values) : new Float32Array(packed.length)
      })
      fill('parameters', packed)
      fill('statistics', packedStatistics)
      for (const [i, values] of packedSlots.entries()) {
        device.queue.writeBuffer(buffers.slots, i * layout.parameters.bytes, values)
      }
    },

    async read() {
      const whole = (name: SizedBuffer) => ({ buffer: buffers[name], offset: 0, bytes: layout.bytes[name] })
      const { bytes } = layout.parameters
      const [parameters, statistics, ...slotValues] = await readBack(device, [
        whole('parameters'),
        whole('statistics'),
        ...slots.map((_, i) => ({ buffer: buffers.slots, offset: i * bytes, bytes })),
      ])
      if (!parameters || !statistics) throw new Error('a read-back came without its parts')
      return {
        parameters: unpack(layout.parameters, parameters),
        statistics: unpack(layout.statistics, statistics),
        slots: Object.fromEntries(
          slotValues.map((values, i) => [slots[i] ?? '', unpack(layout.parameters, values)]),
        ),
      }
    },

    destroy() {
      for (const buffer of Object.values(buffers)) buffer.destroy()
    },
  }
}

function createBuffers(
  device: GPUDevice,
  { layout, partialBytes }: MemoryOptions,
): Record<BufferName, GPUBuffer> {
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage
  const { bytes } = layout
  const trains = partialBytes !== null
  const create = (label: BufferName, usage: number, size: number, needed = true) =>
    device.createBuffer({ label, usage, size: needed ? Math.max(size, NOTHING) : NOTHING })
  return {
    // Uniform as well: convolutions may read their weights so, through a window that reaches behind the last of them.
    parameters: create(
      'parameters',
      STORAGE | UNIFORM | COPY_SRC | COPY_DST,
      bytes.parameters + WEIGHT_WINDOW_BYTES,
    ),
    statistics: create('statistics', STORAGE | COPY_SRC | COPY_DST, bytes.statistics),
    slots: create('slots', STORAGE | COPY_SRC | COPY_DST, bytes.slots, trains),
    gradients: create('gradients', STORAGE, bytes.gradients, trains),
    partials: create('partials', STORAGE, partialBytes ?? 0, trains),
    decay: create('decay', STORAGE | COPY_DST, bytes.decay, trains),
    normalised: create('normalised', STORAGE | COPY_DST, bytes.normalised),
    whitening: create('whitening', STORAGE | COPY_DST, bytes.whitening),
    batch: create('batch', STORAGE | UNIFORM | COPY_DST, bytes.batch),
    metrics: create('metrics', STORAGE | COPY_SRC, bytes.metrics, trains),
    logits: create('logits', STORAGE | COPY_SRC, bytes.logits),
    features: create('features', STORAGE | COPY_SRC, bytes.features),
    tally: create('tally', STORAGE | COPY_SRC | COPY_DST, bytes.tally),
  }
}
