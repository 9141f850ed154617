// What ONNX Runtime and TensorFlow.js make of an exported network, beside the lab's logits: a narrow member of each
// published system, with and without identity, and each kind of shortcut in each kind of block.
import * as tf from '@tensorflow/tfjs'
import { InferenceSession, Tensor } from 'onnxruntime-web'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Engine } from '../engine/engine.ts'
import { noise, relativeError } from '../testing/suites/parity.ts'
import { createTfjsEngine } from '../engine/tfjs/tfjs-engine.ts'
import { buildGraph } from '../network/build-graph.ts'
import { findPreset } from '../presets/presets.ts'
import { everyArchitecture } from '../testing/network/every-architecture.ts'
import { withBlocks, withWidth } from '../network/resize-network.ts'
import { initialState } from '../training/initialise.ts'
import { writeOnnx } from './onnx.ts'
import { tfjsModelFiles } from './tfjs-model.ts'

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
const NETWORKS = [
  ...SYSTEMS.flatMap((id) =>
    [true, false].map((identity) => ({
      title: `${id}, identity: ${identity}`,
      config: configOf(id, identity),
    })),
  ),
  ...everyArchitecture({ identity: true }).map(({ title, network }) => ({
    title,
    config: { ...configOf('akamaster-20', true), network },
  })),
]

test.each(NETWORKS)('$title: ONNX Runtime and TensorFlow.js compute the lab’s logits', async ({ config }) => {
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

  const session = await InferenceSession.create(writeOnnx(initial, config))
  const images = Float32Array.from(pixels, (byte) => (byte / 255 - 0.5) / 0.25)
  const { logits } = await session.run({ images: new Tensor('float32', images, [IMAGES, 3, 32, 32]) })
  await session.release()
  if (!(logits?.data instanceof Float32Array)) throw new Error('the logits are not float32')
  expect(logits.dims).toEqual([IMAGES, graph.classes])
  expect(relativeError(logits.data, expected)).toBeLessThan(1e-4)

  const model = await loadLayersModel(tfjsModelFiles(initial, config))
  const found = tf.tidy(() => {
    const planes = tf.tensor4d(images, [IMAGES, 3, 32, 32])
    const predicted = model.predict(tf.transpose(planes, [0, 2, 3, 1]))
    if (!(predicted instanceof tf.Tensor)) throw new Error('the model has several outputs')
    return predicted.dataSync()
  })
  model.dispose()
  expect(relativeError(Float32Array.from(found), expected)).toBeLessThan(1e-4)
})

/** As `tf.loadLayersModel('model.json')` does with the two files on a server. */
async function loadLayersModel(files: ReadonlyMap<string, Uint8Array>): Promise<tf.LayersModel> {
  const text = new TextDecoder().decode(files.get('model.json'))
  return tf.loadLayersModel(
    tf.io.http('http://lab/model.json', {
      fetchFunc: async (address) =>
        typeof address === 'string' && address.endsWith('.json')
          ? new Response(text, { headers: { 'content-type': 'application/json' } })
          : new Response(Uint8Array.from(files.get('weights.bin') ?? []), {
              headers: { 'content-type': 'application/octet-stream' },
            }),
    }),
  )
}
