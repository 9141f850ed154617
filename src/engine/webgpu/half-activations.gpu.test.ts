// Training with activations stored as float16, beside the same with float32.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createNodeGpu } from '../../cli/node-gpu.ts'
import type { ActivationFormat } from '../../contract/activation-format.ts'
import { generateBuiltinSet } from '../../data/builtin-set.ts'
import type { Graph } from '../../network/graph.ts'
import { initialState } from '../../training/initialise.ts'
import { createEngine } from '../create-engine.ts'
import type { Batch, Engine, TrainerState } from '../engine.ts'
import { relativeError } from '../tfjs/suites/parity.ts'
import { BLOCK_NETWORKS, heNetwork } from '../tfjs/suites/parity-networks.ts'

const SEED = 3
const { train } = generateBuiltinSet()

let engine: Engine
beforeAll(async () => {
  const { gpu } = await createNodeGpu()
  engine = await createEngine({
    gpu,
    engine: 'webgpu',
    onFailure: (error) => {
      throw error
    },
  })
})
afterAll(() => engine.dispose())

function compile(
  graph: Graph,
  activations: ActivationFormat,
  { batchSize = 8, initial = initialState(graph, SEED) }: { batchSize?: number; initial?: TrainerState } = {},
) {
  return engine.compile(graph, {
    batchSize,
    activations,
    optimiser: {
      kind: 'sgd',
      learningRate: 0.1,
      momentum: 0.9,
      nesterov: false,
      weightDecay: 0,
      decays: 'all',
    },
    labelSmoothing: 0,
    normalisation: { kind: 'channels', mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
    dropoutSeed: SEED,
    initial,
  })
}

/** The n-th batch of the built-in set. */
function batchOf(n: number, size = 8): Batch {
  const from = (n * size) % (train.count - size)
  return {
    size,
    pixels: train.pixels.subarray(from * 3072, (from + size) * 3072),
    labels: train.labels.subarray(from, from + size),
    augmentation: null,
  }
}

describe.each([
  { title: 'a ResNet-8', graph: heNetwork() },
  { title: 'a ResNet-8 without identity', graph: heNetwork({ identity: false }) },
  ...BLOCK_NETWORKS,
])('$title', { timeout: 300_000 }, ({ graph }) => {
  // The largest errors measured were 2.7e-4 and 2.3e-3 (llvmpipe); one rounding to float16 is 4.9e-4 at most.
  test('gives the logits and the first 20 losses of float32, but for rounding', async () => {
    const measure = async (activations: ActivationFormat) => {
      const trainer = await compile(graph, activations)
      const logits = await trainer.evaluate(batchOf(0))
      for (let step = 0; step < 20; step++) trainer.step(batchOf(step), { learningRate: 0.01 })
      const losses = (await trainer.drain()).map(({ loss }) => loss)
      trainer.dispose()
      return { logits, losses }
    }
    const [full, half] = [await measure('f32'), await measure('f16')]
    expect(relativeError(half.logits, full.logits)).toBeLessThan(1e-3)
    expect(relativeError(half.logits, full.logits)).toBeGreaterThan(1e-6)
    expect(relativeError(half.losses, full.losses)).toBeLessThan(1e-2)
  })
})
