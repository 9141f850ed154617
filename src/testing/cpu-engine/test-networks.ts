// Small networks of every kind, with what tests train them by.
import { createRandom } from '../../base/random.ts'
import { IMAGE_BYTES } from '../../base/data-set.ts'
import { buildGraph } from '../../network/build-graph.ts'
import type { Graph } from '../../network/graph.ts'
import { findPreset } from '../../presets/presets.ts'
import { withBlocks, withWidth } from '../../network/resize-network.ts'
import type { Batch, CompileOptions, TrainerState } from '../../engine/engine.ts'
import { blockNetwork } from '../suites/parity-networks.ts'

/** A preset's network at another width, with so many blocks a stage where given. */
export function narrowed(preset: string, width: number, blocks?: number): Graph {
  const found = findPreset(preset)
  if (!found) throw new Error(`no preset ${preset}`)
  const network = withWidth(found.config.network, width)
  return buildGraph({
    ...found.config,
    network: blocks === undefined ? network : withBlocks(network, blocks),
  })
}

export const TEST_NETWORKS = [
  { name: 'akamaster-20, narrow', graph: narrowed('akamaster-20', 3) },
  { name: 'iavicenna-14, narrow', graph: narrowed('iavicenna-14', 2) },
  { name: 'bottlenecks', graph: blockNetwork('bottleneck') },
  { name: 'pools and dropouts', graph: blockNetwork('pools') },
] as const

/** @param initial of the graph */
export function trainingOptions(batchSize: number | null, initial: TrainerState): CompileOptions {
  return {
    batchSize,
    optimiser: {
      kind: 'sgd',
      learningRate: 0.05,
      momentum: 0.9,
      nesterov: true,
      weightDecay: 5e-4,
      decays: 'all-but-biases',
    },
    labelSmoothing: 0.1,
    activations: 'f32',
    normalisation: { kind: 'channels', mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
    dropoutSeed: 7,
    initial,
  }
}

const batches = new Map<string, Batch>()

/** Random images and labels, with random crops of which some are mirrored. */
export function randomBatch(size: number, seed: number): Batch {
  const key = `${size} ${seed}`
  const batch = batches.get(key) ?? drawBatch(size, seed)
  batches.set(key, batch)
  return batch
}

function drawBatch(size: number, seed: number): Batch {
  const random = createRandom(seed, 'images')
  const bytes = (length: number, bound: number) => Uint8Array.from({ length }, () => random.below(bound))
  return {
    size,
    pixels: bytes(size * IMAGE_BYTES, 256),
    labels: bytes(size, 10),
    augmentation: {
      rotation: null,
      padding: 4,
      left: bytes(size, 9),
      top: bytes(size, 9),
      flip: bytes(size, 2),
    },
  }
}
