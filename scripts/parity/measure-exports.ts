// The lab's half of the comparison of what it takes out with what it computes, on its WebGPU engine: for a member of
// each family, with identity and without (narrow, of one block a stage, where a width is given), two steps on real
// images, then the run's PyTorch folder, the logits of ONNX and of tfjs layers beside the lab's on test images, and the
// loss of the next step on the first training images as they are.
// Run: npx tsx scripts/parity/measure-exports.ts DATA OUT [PRESET[:WIDTH] …], then compare_exports.py.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openImageSource } from '../../src/cli/image-source.ts'
import type { RunConfig } from '../../src/config/run-config.ts'
import { decodeBatch } from '../../src/engine/decode-batch.ts'
import { buildGraph } from '../../src/network/build-graph.ts'
import { findPreset, preferredNaming } from '../../src/presets/presets.ts'
import { withBlocks, withWidth } from '../../src/network/resize-network.ts'
import { firstCheckpoint } from '../../src/training/checkpoint.ts'
import { imageNormalisation } from '../../src/training/image-normalisation.ts'
import { gather } from '../../src/training/sampler.ts'
import { pytorchFiles } from '../../src/transfer/pytorch/pytorch-files.ts'
import { layersLogits, onnxLogits } from './model-logits.ts'
import { tfjsModelFiles } from '../../src/transfer/tfjs-model.ts'
import { writeOnnx } from '../../src/transfer/onnx.ts'
import { openEngine } from './open-engine.ts'

const BATCH = 64
const DEFAULT_PRESETS = ['akamaster-20', 'iavicenna-14', 'mbsariyildiz-10', 'zhenye-na', 'drgripa1-20']

const [data, out, ...asked] = process.argv.slice(2)
if (data === undefined || out === undefined) {
  throw new Error('give the folder of CIFAR-10’s binary files, and one for the results')
}
const source = await openImageSource(data)
const train = await source.load('train', null)
const test = await source.load('test', BATCH)
const numbers = (from: number) => Array.from({ length: BATCH }, (_, i) => from + i)
const { engine, device } = await openEngine()
for (const words of asked.length > 0 ? asked : DEFAULT_PRESETS) {
  for (const identity of [true, false])
    await measure(configOf(words, identity), join(out, nameOf(words, identity)))
}
engine.dispose()

function nameOf(words: string, identity: boolean): string {
  return `${words.replace(':', '-w')}-${identity ? 'identity' : 'plain'}`
}

/** Without whitening and warm-up, on CIFAR-10: the same network and optimiser on the same pixels. */
function configOf(words: string, identity: boolean): RunConfig {
  const [id = '', width] = words.split(':')
  const preset = findPreset(id)
  if (!preset) throw new Error(`no preset ${id}`)
  const { config } = preset
  const network =
    width === undefined ? config.network : withWidth(withBlocks(config.network, 1), Number(width))
  return {
    ...config,
    data: { ...config.data, set: 'cifar10' },
    // Dropout draws differ from PyTorch's.
    network: { ...network, identity, stem: { ...network.stem, dropout: 0 } },
    batchSize: BATCH,
    whitening: null,
    warmup: null,
  }
}

async function measure(config: RunConfig, folder: string): Promise<void> {
  const graph = buildGraph(config)
  const first = firstCheckpoint(config)
  const normalisation = await imageNormalisation(config.normalisation, async () => train)
  const trainer = await engine.compile(graph, {
    batchSize: BATCH,
    optimiser: config.optimiser,
    labelSmoothing: config.labelSmoothing,
    activations: 'f32',
    normalisation,
    dropoutSeed: config.seed,
    initial: first.state,
  })
  const rate = { learningRate: config.optimiser.learningRate / 10 }
  for (const step of [1, 2]) trainer.step(gather(train, numbers(step * BATCH)), rate)
  await trainer.drain()
  const state = await trainer.read()
  const images = gather(test, numbers(0))
  const logits = await trainer.evaluate(images)
  trainer.step(gather(train, numbers(0)), rate)
  const [point] = await trainer.drain()
  trainer.dispose()

  await mkdir(folder, { recursive: true })
  const script = pytorchFiles({ ...first, state }, preferredNaming(config))
  for (const [name, content] of script) await writeFile(join(folder, name), content)
  const pixels = planes(decodeBatch(images, normalisation))
  const metrics = {
    device,
    loss: point?.loss,
    logits: [...logits],
    onnx: [...(await onnxLogits(writeOnnx(state, config), pixels, BATCH))],
    tfjs: [...(await layersLogits(tfjsModelFiles(state, config), pixels, BATCH))],
  }
  await writeFile(join(folder, 'metrics.json'), JSON.stringify(metrics))
  console.error(folder)
}

/** Channels last to planes. */
function planes(pixels: Float32Array): Float32Array {
  const area = 32 * 32
  return pixels.map((_, i) => {
    const [image, channel, at] = [Math.floor(i / (3 * area)), Math.floor(i / area) % 3, i % area]
    return pixels[(image * area + at) * 3 + channel] ?? 0
  })
}
