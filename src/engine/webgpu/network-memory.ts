// What a network keeps on the device from step to step: its state, its gradients, the batch, the metrics, the logits.
import type { Batch, CompileOptions, TrainerState } from '../engine.ts'
import type { Graph } from '../../network/graph.ts'
import type { BufferName } from './dispatch.ts'
import { pack, unpack } from './flat-tensors.ts'
import { normalisationTable } from './kernels/decode.ts'
import type { NetworkPlan } from './network-plan.ts'
import { readBack } from './read-back.ts'
import { encodeUpload, type StepFigures } from './upload.ts'
import { decayTable } from './weight-decay.ts'

export type NetworkMemory = {
  /** Where the tensors of a program lie while it runs. */
  readonly arenas: readonly GPUBuffer[]
  readonly buffers: Readonly<Record<BufferName, GPUBuffer>>
  /** Makes this the batch that the next submission works on. */
  upload(batch: Batch, figures: StepFigures): void
  /** @throws AppError `weights-mismatch` for the state of another network; nothing is written then */
  write(state: TrainerState): void
  /** The state after every command submitted so far; no momentum where the optimiser keeps none. */
  read(): Promise<Omit<TrainerState, 'steps'>>
  destroy(): void
}

type MemoryOptions = Pick<CompileOptions, 'normalisation' | 'optimiser'> & { readonly graph: Graph }

const MOMENTUM_SLOT = 'momentum'

export function createNetworkMemory(
  device: GPUDevice,
  { layout, training, arenaBytes, bufferBytes }: NetworkPlan,
  { graph, optimiser, normalisation }: MemoryOptions,
): NetworkMemory {
  const buffers = createBuffers(device, bufferBytes)
  const arenas = arenaBytes.map((size, i) =>
    device.createBuffer({ label: `arena ${i}`, size, usage: GPUBufferUsage.STORAGE }),
  )
  const hasMomentum = training !== null && optimiser.momentum > 0
  const staging = new ArrayBuffer(layout.upload.bytes)
  const fill = (name: BufferName, values: Float32Array<ArrayBuffer>) =>
    device.queue.writeBuffer(buffers[name], 0, values)

  fill('normalised', normalisationTable(normalisation))
  if (training) fill('decay', decayTable(layout.parameters, graph.parameters, optimiser))

  return {
    arenas,
    buffers,

    upload(batch, figures) {
      const bytes = encodeUpload(layout.upload, batch, figures, staging)
      device.queue.writeBuffer(buffers.batch, 0, staging, 0, bytes)
    },

    write({ parameters, statistics, slots }) {
      const packed = pack(layout.parameters, parameters)
      const packedStatistics = pack(layout.statistics, statistics)
      const slot = slots[MOMENTUM_SLOT]
      const momentum = slot ? pack(layout.parameters, slot) : new Float32Array(packed.length)
      fill('parameters', packed)
      fill('statistics', packedStatistics)
      if (hasMomentum) fill('momentum', momentum)
    },

    async read() {
      const names = ['parameters', 'statistics', 'momentum'] as const
      const ranges = names
        .filter((name) => name !== 'momentum' || hasMomentum)
        .map((name) => ({ buffer: buffers[name], offset: 0, bytes: layout.bytes[name] }))
      const [parameters, statistics, momentum] = await readBack(device, ranges)
      if (!parameters || !statistics) throw new Error('a read-back came without its parts')
      return {
        parameters: unpack(layout.parameters, parameters),
        statistics: unpack(layout.statistics, statistics),
        slots: momentum ? { [MOMENTUM_SLOT]: unpack(layout.parameters, momentum) } : {},
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
    momentum: create('momentum', STORAGE | COPY_SRC | COPY_DST),
    gradients: create('gradients', STORAGE),
    partials: create('partials', STORAGE),
    decay: create('decay', STORAGE | COPY_DST),
    normalised: create('normalised', STORAGE | COPY_DST),
    batch: create('batch', STORAGE | UNIFORM | COPY_DST),
    metrics: create('metrics', STORAGE | COPY_SRC),
    logits: create('logits', STORAGE | COPY_SRC),
  }
}
