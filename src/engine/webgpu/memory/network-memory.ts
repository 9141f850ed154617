// What a network keeps on the device from step to step: its state, its gradients, the batch, the metrics, the answers.
import type { Batch, CompileOptions, TrainerState } from '../../engine.ts'
import type { Graph } from '../../../network/graph.ts'
import type { BufferName } from '../lowering/dispatch.ts'
import { pack, unpack } from './flat-tensors.ts'
import { normalisationTable } from '../../image-upload.ts'
import { packWhitening } from '../kernels/images/whiten.ts'
import { type SizedBuffer, WHITENING_RANGES } from './network-layout.ts'
import type { NetworkPlan } from '../network-plan.ts'
import { readBack } from '../device/read-back.ts'
import { encodeUpload, type StepInputs } from '../device/upload.ts'
import { decayingParameters } from '../../../config/weight-decay-group.ts'
import { decayTable } from './weight-decay.ts'

export type NetworkMemory = {
  /** Where the tensors of a program lie while it runs. */
  readonly arenas: readonly GPUBuffer[]
  readonly buffers: Readonly<Record<BufferName, GPUBuffer>>
  /** Makes this the batch that the next submission works on. */
  upload(batch: Batch, inputs: StepInputs): void
  /** @throws AppError `weights-mismatch` for the state of another network; nothing is written then */
  write(state: TrainerState): void
  /** The state after every command submitted so far; no slots where there is no training. */
  read(): Promise<Omit<TrainerState, 'steps'>>
  destroy(): void
}

type MemoryOptions = Pick<CompileOptions, 'normalisation' | 'optimiser' | 'whitening'> & {
  readonly graph: Graph
}

export function createNetworkMemory(
  device: GPUDevice,
  { layout, training, arenaBytes, bufferBytes }: NetworkPlan,
  { graph, optimiser, normalisation, whitening }: MemoryOptions,
): NetworkMemory {
  const buffers = createBuffers(device, bufferBytes)
  const arenas = arenaBytes.map((size, i) =>
    device.createBuffer({ label: `arena ${i}`, size, usage: GPUBufferUsage.STORAGE }),
  )
  const slots = training ? layout.slots : []
  const staging = new ArrayBuffer(layout.upload.bytes)
  const fill = (name: BufferName, values: Float32Array<ArrayBuffer>, offset = 0) =>
    device.queue.writeBuffer(buffers[name], offset, values)

  fill('normalised', normalisationTable(normalisation))
  if (whitening) {
    fill('whitening', whitening.mean, WHITENING_RANGES.mean.offset)
    fill('whitening', packWhitening(whitening.matrix), WHITENING_RANGES.matrix.offset)
  }
  if (training) {
    fill('decay', decayTable(layout.parameters, decayingParameters(graph, optimiser.decays), optimiser))
  }

  return {
    arenas,
    buffers,

    upload(batch, inputs) {
      const bytes = encodeUpload(layout.upload, batch, inputs, staging)
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
      for (const buffer of [...arenas, ...Object.values(buffers)]) buffer.destroy()
    },
  }
}

function createBuffers(
  device: GPUDevice,
  bytes: Readonly<Record<BufferName, number>>,
): Record<BufferName, GPUBuffer> {
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage
  const create = (label: BufferName, usage: number) =>
    device.createBuffer({ label, usage, size: bytes[label] })
  return {
    // Uniform as well: convolutions may read their weights so.
    parameters: create('parameters', STORAGE | UNIFORM | COPY_SRC | COPY_DST),
    statistics: create('statistics', STORAGE | COPY_SRC | COPY_DST),
    slots: create('slots', STORAGE | COPY_SRC | COPY_DST),
    gradients: create('gradients', STORAGE),
    partials: create('partials', STORAGE),
    decay: create('decay', STORAGE | COPY_DST),
    normalised: create('normalised', STORAGE | COPY_DST),
    whitening: create('whitening', STORAGE | COPY_DST),
    batch: create('batch', STORAGE | UNIFORM | COPY_DST),
    metrics: create('metrics', STORAGE | COPY_SRC),
    logits: create('logits', STORAGE | COPY_SRC),
    features: create('features', STORAGE | COPY_SRC),
    tally: create('tally', STORAGE | COPY_SRC | COPY_DST),
  }
}
