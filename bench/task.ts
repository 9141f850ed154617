// What every contender trains: one network from the same weights, on one batch that stays the same.
import { IMAGE_BYTES } from '../src/base/data-set.ts'
import { createRandom } from '../src/base/random.ts'
import type { ChannelNormalisation } from '../src/base/image-config.ts'
import type { OptimiserConfig } from '../src/optimisers/index.ts'
import type { Batch, CompileOptions, TrainerState } from '../src/engine/engine.ts'
import type { Graph } from '../src/network/graph.ts'
import { initialState } from '../src/training/initialise.ts'
import { buildNetwork, type NetworkName } from './networks.ts'

export type Task = {
  readonly network: NetworkName
  readonly graph: Graph
  readonly initial: TrainerState
  readonly batch: Batch
}

/** The rate is small, so that hundreds of steps on one batch stay finite. */
export const OPTIMISER = {
  kind: 'sgd',
  learningRate: 0.01,
  momentum: 0.9,
  nesterov: false,
  weightDecay: 1e-4,
  decays: 'all',
} as const satisfies OptimiserConfig

export const NORMALISATION: ChannelNormalisation = {
  kind: 'channels',
  mean: [0.5, 0.5, 0.5],
  std: [0.25, 0.25, 0.25],
}

const SEED = 1

export function createTask(network: NetworkName, batchSize: number): Task {
  const graph = buildNetwork(network)
  return { network, graph, initial: initialState(graph, SEED), batch: noise(batchSize, graph.classes) }
}

/** How our engine compiles a task. */
export function compileOptions({ batch, initial }: Task): CompileOptions {
  return {
    batchSize: batch.size,
    optimiser: OPTIMISER,
    labelSmoothing: 0,
    activations: 'f32',
    normalisation: NORMALISATION,
    dropoutSeed: SEED,
    initial,
  }
}

function noise(size: number, classes: number): Batch {
  const random = createRandom(SEED, 'benchmark images')
  return {
    size,
    pixels: new Uint8Array(size * IMAGE_BYTES).map(() => random.below(256)),
    labels: new Uint8Array(size).map(() => random.below(classes)),
    augmentation: null,
  }
}
