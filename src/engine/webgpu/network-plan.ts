// What a network runs on a device and the memory that it takes there: plain data, known before anything is taken.
import type { Graph } from '../../network/graph.ts'
import type { CompileOptions, MemoryBytes } from '../engine.ts'
import { differentiate } from '../compiler/differentiate.ts'
import type { BufferName, Lowered } from './lowering/dispatch.ts'
import { inferenceProgram } from '../compiler/forward.ts'
import { fuse } from '../compiler/fuse.ts'
import { WEIGHT_WINDOW_BYTES } from './kernels/convolution/filter-binding.ts'
import { lower } from './lowering/lower.ts'
import type { LoweringContext } from './lowering/lowering.ts'
import { networkLayout, type NetworkLayout } from './memory/network-layout.ts'
import { type MemoryLimits, type MemoryPlan, planMemory } from './memory/plan-memory.ts'

/** A program whose tensors have their places. */
export type PlacedProgram = { readonly lowered: Lowered; readonly memory: MemoryPlan }

export type NetworkPlan = {
  readonly layout: NetworkLayout
  /** Null where the network is only evaluated. */
  readonly training: (PlacedProgram & { readonly batchSize: number }) | null
  /** For `images` at once; fewer run as well. */
  readonly evaluation: PlacedProgram & { readonly images: number }
  /** Large enough for either program: no step runs while another does. */
  readonly arenaBytes: readonly number[]
  readonly bufferBytes: Readonly<Record<BufferName, number>>
  readonly bytes: MemoryBytes
}

export type PlanOptions = Pick<
  CompileOptions,
  'batchSize' | 'activations' | 'optimiser' | 'labelSmoothing' | 'normalisation' | 'whitening' | 'dropoutSeed'
> &
  Pick<LoweringContext, 'choice'>

/** Images of an evaluation at once, where there is memory for them. */
const EVALUATION_IMAGES = 100
/** The least that a buffer may have; nobody reads it. */
const NOTHING = 256

/** @throws AppError `config-invalid` where one tensor exceeds what the device can bind */
export function planNetwork(graph: Graph, options: PlanOptions, limits: MemoryLimits): NetworkPlan {
  const { batchSize } = options
  const layout = networkLayout(graph, options, Math.max(batchSize ?? 0, EVALUATION_IMAGES))
  const context = { ...options, graph, layout, lossScale: lossScaleOf(options) }
  const lowered =
    batchSize === null ? null : lower(fuse(differentiate(graph)), { ...context, batch: batchSize })
  const training =
    lowered && batchSize !== null ? { lowered, memory: planMemory(lowered, limits), batchSize } : null
  const evaluation = planEvaluation(context, training, limits)
  const arenaBytes = largest(evaluation.memory.arenaBytes, training?.memory.arenaBytes ?? [])
  const bufferBytes = bufferBytesOf(layout, options, lowered?.partialBytes ?? null)
  return {
    layout,
    training,
    evaluation,
    arenaBytes,
    bufferBytes,
    bytes: memoryBytes(bufferBytes, arenaBytes),
  }
}

/**
 * float16 has no room for the small gradients of a mean over many images: at batch 128, from a loss of 0.8, those of a
 * ResNet-8 were off by 1 to 3 %, and by 0.3 to 1 % with any scale from 16 to 65,536 (llvmpipe). Eight times the batch
 * leaves room for smaller losses, and for gradients that grow on their way to the first layer.
 */
function lossScaleOf({ activations, batchSize }: PlanOptions): number {
  return activations === 'f32' ? 1 : 2 ** (3 + Math.ceil(Math.log2(batchSize ?? 1)))
}

/** As many images at once as need no more memory than training, and no fewer than a step has. */
function planEvaluation(
  context: Omit<LoweringContext, 'batch'>,
  training: NetworkPlan['training'],
  limits: MemoryLimits,
): NetworkPlan['evaluation'] {
  const program = fuse(inferenceProgram(context.graph))
  for (let images = EVALUATION_IMAGES; ; images = Math.ceil(images / 2)) {
    const lowered = lower(program, { ...context, batch: images })
    const memory = planMemory(lowered, limits)
    const trainingBytes = training?.memory.arenaBytes ?? []
    const fits = total(largest(memory.arenaBytes, trainingBytes)) <= total(trainingBytes)
    if (fits || training === null || images <= training.batchSize) return { lowered, memory, images }
  }
}

function bufferBytesOf(
  { bytes }: NetworkLayout,
  { batchSize }: PlanOptions,
  partialBytes: number | null,
): Record<BufferName, number> {
  const trains = batchSize !== null
  const needed = (size: number, condition: boolean) => (condition ? Math.max(size, NOTHING) : NOTHING)
  return {
    // Convolutions may read their weights through a window that reaches behind the last of them.
    parameters: bytes.parameters + WEIGHT_WINDOW_BYTES,
    statistics: needed(bytes.statistics, true),
    slots: needed(bytes.slots, trains),
    gradients: needed(bytes.gradients, trains),
    partials: needed(partialBytes ?? 0, trains),
    decay: needed(bytes.decay, trains),
    normalised: bytes.normalised,
    whitening: needed(bytes.whitening, true),
    batch: bytes.batch,
    metrics: needed(bytes.metrics, trains),
    logits: needed(bytes.logits, true),
    features: needed(bytes.features, true),
    tally: bytes.tally,
  }
}

function memoryBytes(
  { parameters, gradients, partials, slots, ...other }: Record<BufferName, number>,
  arenaBytes: readonly number[],
): MemoryBytes {
  return {
    parameters,
    gradients: gradients + partials,
    optimiser: slots,
    activations: total(arenaBytes),
    other: total(Object.values(other)),
  }
}

/** Element by element, the longer of two. */
function largest(one: readonly number[], other: readonly number[]): number[] {
  const length = Math.max(one.length, other.length)
  return Array.from({ length }, (_, i) => Math.max(one[i] ?? 0, other[i] ?? 0))
}

export const total = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0)
