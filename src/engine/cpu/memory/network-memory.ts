// A network's memory while it is trained: what goes in before a step, and what is read.
import { IMAGE_BYTES } from '../../../base/data-set.ts'
import type { Graph } from '../../../network/graph.ts'
import { decayingParameters } from '../../../config/weight-decay-group.ts'
import { AppError } from '../../../base/app-error.ts'
import type { Batch, CompileOptions, StepMetrics, TrainerState } from '../../engine.ts'
import { imageRotations, encodeImageWords, normalisationTable } from '../../image-upload.ts'
import { FLOAT_BYTES, inLanes, LANES, pack, STRETCH_BYTES, tensorNamed, unpack } from './layout.ts'
import type { EncodedProgram } from '../encode-program.ts'
import { type NetworkPlan, PAGE_BYTES } from '../network-plan.ts'
import type { AreaName } from '../lowering/work.ts'

export type StepInputs = {
  readonly learningRate: number
  /** Steps taken before this one. */
  readonly number: number
  readonly stepFactors: readonly number[]
}

type PackedState = Readonly<Record<'parameters' | 'statistics' | 'slots', Float32Array>>

export type NetworkMemory = {
  readonly memory: WebAssembly.Memory
  /** Makes this the batch that the next run works on. */
  upload(batch: Batch, inputs: StepInputs): void
  metrics(): StepMetrics
  /** @param what images × its width, without what fills channels up */
  vectors(what: 'logits' | 'features', images: number, width: number): Float32Array
  /** @throws AppError `weights-mismatch` for the state of another network */
  pack(state: TrainerState): PackedState
  write(state: PackedState): void
  /** No slots where there is no training. */
  read(): Omit<TrainerState, 'steps'>
  /** Milliseconds of each call of a program since the last time, added up over threads. */
  takeTimes(program: EncodedProgram, threads: number): number[]
}

/** As `Step` in assembly/memory.ts. */
const STEP = 64

/** @throws AppError `out-of-memory` */
export function createNetworkMemory(
  plan: NetworkPlan,
  graph: Graph,
  { optimiser, normalisation, whitening }: Pick<CompileOptions, 'optimiser' | 'normalisation' | 'whitening'>,
): NetworkMemory {
  const { layout, areas, training, evaluation } = plan
  const memory = takeMemory(plan.pages)
  const { buffer } = memory
  const floats = (area: AreaName, offset = 0, bytes = layout.bytes[area]) =>
    new Float32Array(buffer, areas[area] + offset, bytes / FLOAT_BYTES)
  const slots = training ? layout.slots : []

  for (const { address, words } of training ? [training, evaluation] : [evaluation]) {
    new Int32Array(buffer, address, words.length).set(words)
  }
  floats('normalised').set(normalisationTable(normalisation))
  if (whitening) {
    writeWhitening(floats('whitening'), whitening.matrix)
    floats('whitening').set(whitening.mean, IMAGE_BYTES ** 2)
  }
  if (training) {
    const decay = floats('decay')
    for (const { name } of decayingParameters(graph, optimiser.decays)) {
      const { offset, bytes } = tensorNamed(layout.parameters, name)
      decay.fill(optimiser.weightDecay, offset / STRETCH_BYTES, Math.ceil((offset + bytes) / STRETCH_BYTES))
    }
  }

  return {
    memory,

    upload(batch, { learningRate, number, stepFactors: [factor0 = 1, factor1 = 1] }) {
      const step = new DataView(buffer, STEP)
      step.setInt32(0, batch.size, true)
      step.setInt32(4, batch.augmentation?.padding ?? 0, true)
      step.setFloat32(8, learningRate, true)
      step.setInt32(12, number, true)
      step.setFloat32(16, factor0, true)
      step.setFloat32(20, factor1, true)
      new Uint32Array(buffer, areas.words, batch.size).set(encodeImageWords(batch))
      new Int32Array(buffer, areas.rotations, batch.size * 4).set(imageRotations(batch))
      const pixels = batch.pixels.subarray(0, batch.size * IMAGE_BYTES)
      new Uint8Array(buffer, areas.pixels, pixels.length).set(pixels)
    },

    metrics() {
      const [loss = Number.NaN, correct = Number.NaN] = new Float64Array(buffer, areas.metrics, 2)
      return { loss, correct }
    },

    vectors(what, images, width) {
      const stored = floats(what)
      const values = new Float32Array(images * width)
      for (let image = 0; image < images; image++) {
        const start = image * inLanes(width)
        values.set(stored.subarray(start, start + width), image * width)
      }
      return values
    },

    pack(state) {
      const parameters = pack(layout.parameters, state.parameters)
      const statistics = pack(layout.statistics, state.statistics)
      const packed = new Float32Array(slots.length * parameters.length)
      for (const [i, name] of slots.entries()) {
        const values = state.slots[name]
        if (values) packed.set(pack(layout.parameters, values), i * parameters.length)
      }
      return { parameters, statistics, slots: packed }
    },

    write(state) {
      floats('parameters').set(state.parameters)
      floats('statistics').set(state.statistics)
      if (slots.length > 0) floats('slots').set(state.slots)
    },

    read() {
      const { bytes } = layout.parameters
      const slotValues = slots.map((name, i) => {
        return [name, unpack(layout.parameters, floats('slots', i * bytes, bytes))] as const
      })
      return {
        parameters: unpack(layout.parameters, floats('parameters')),
        statistics: unpack(layout.statistics, floats('statistics')),
        slots: Object.fromEntries(slotValues),
      }
    },

    takeTimes({ calls }, threads) {
      const sums = calls.map(() => 0)
      for (let thread = 0; thread < threads; thread++) {
        const times = new Float64Array(buffer, plan.times.address + thread * plan.times.bytes, calls.length)
        for (const [i, time] of times.entries()) sums[i] = (sums[i] ?? 0) + time
        times.fill(0)
      }
      return sums
    },
  }
}

/** Exactly what the plan says, and no way to grow: what is there from the beginning cannot fail later. */
function takeMemory(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  } catch (cause) {
    throw outOfMemory(pages, cause)
  }
}

export function outOfMemory(pages: number, cause: unknown): AppError {
  const mebibytes = Math.ceil((pages * PAGE_BYTES) / 2 ** 20).toLocaleString('en')
  return new AppError(
    'out-of-memory',
    `The network needs ${mebibytes} MiB of memory, and this machine did not give them; close other tabs and programs, or choose a smaller batch, a smaller width or fewer blocks.`,
    { cause },
  )
}

/** Z as the weights of a 1×1 convolution: [3,072 ÷ 8][3,072][8]. @param matrix 3,072², row-major */
function writeWhitening(target: Float32Array, matrix: Float32Array): void {
  const values = IMAGE_BYTES
  for (let output = 0; output < values; output++) {
    const block = Math.floor(output / LANES) * values * LANES + (output % LANES)
    for (let input = 0; input < values; input++) {
      target[block + input * LANES] = matrix[output * values + input] ?? 0
    }
  }
}
