// ONNX Runtime's logits beside the lab's, for a narrow member of each published system, with and without identity.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Engine } from '../engine/engine.ts'
import { noise, relativeError } from '../engine/tfjs/suites/parity.ts'
import { createTfjsEngine } from '../engine/tfjs/tfjs-engine.ts'
import { buildGraph } from '../network/build-graph.ts'
import { findPreset } from '../network/presets.ts'
import { withBlocks, withWidth } from '../network/resize-network.ts'
import { initialState } from '../training/initialise.ts'
import { writeOnnx } from './onnx.ts'
import { layersLogits, onnxLogits } from './testing/model-logits.ts'
import { tfjsFiles } from './tfjs-layers.ts'

const IMAGES = 2
const PIXELS = 3 * 32 * 32

let engine: Engine
beforeAll(async () => {
  engine = await createTfjsEngine({ backend: 'cpu' })
})
afterAll(() => engine.dispose())

function configOf(id: string, identity: boolean) {
  const preset = findPreset(id)
  if (!preset) throw new Error(`no preset ${id}`)
  const { config } = preset
  return { ...config, network: { ...withWidth(withBlocks(config.network, 1), 4), identity } }
}

/** Initial weights, with statistics and biases that are not those of a fresh network. */
function stateOf(graph: ReturnType<typeof buildGraph>) {
  const state = initialState(graph, 5)
  const biases = graph.parameters
    .filter(({ role }) => role === 'bias' || role === 'shift')
    .map(({ name, shape }, i) => [name, noise(20 + i, shape)] as const)
  const statistics = graph.statistics.map(
    ({ name, shape }, i) =>
      [name, noise(100 + i, shape).map((value) => (name.endsWith('var') ? 1 + value : value))] as const,
  )
  return {
    ...state,
    parameters: { ...state.parameters, ...Object.fromEntries(biases) },
    statistics: Object.fromEntries(statistics),
  }
}

const SYSTEMS = [
  'akamaster-20',
  'he-20',
  'iavicenna-14',
  'mbsariyildiz-10',
  'mbsariyildiz-50',
  'zhenye-na',
  'drgripa1-20',
]
test.each(SYSTEMS.flatMap((id) => [true, false].map((identity) => ({ id, identity }))))(
  '$id, identity: $identity: ONNX Runtime and tfjs layers compute the lab’s logits',
  async ({ id, identity }) => {
    const config = configOf(id, identity)
    const graph = buildGraph(config)
    const initial = stateOf(graph)
    const pixels = Uint8Array.from(noise(900, [IMAGES * PIXELS]), (value) => (value + 0.5) * 255)
    const trainer = await engine.compile(graph, {
      batchSize: null,
      activations: 'f32',
      optimiser: config.optimiser,
      labelSmoothing: 0,
      normalisation: { kind: 'channels', mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
      dropoutSeed: 1,
      initial,
    })
    const labels = new Uint8Array(IMAGES)
    const expected = await trainer.evaluate({ size: IMAGES, pixels, labels, augmentation: null })
    trainer.dispose()

    const images = Float32Array.from(pixels, (byte) => (byte / 255 - 0.5) / 0.25)
    const logits = await onnxLogits(writeOnnx(initial, config), images, IMAGES)
    expect(logits).toHaveLength(IMAGES * graph.classes)
    expect(relativeError(logits, expected)).toBeLessThan(1e-4)
    expect(
      relativeError(await layersLogits(tfjsFiles(initial, config), images, IMAGES), expected),
    ).toBeLessThan(1e-4)
  },
)
