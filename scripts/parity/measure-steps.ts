// The lab's half of a comparison of single steps: for each preset, with identity and without, its initial weights, the
// gradients of 20 steps at a hundredth of the author's rate on the first real images as they are, and the weights,
// statistics and logits after them. So low a rate keeps rounding errors from growing from step to step.
// Run: npx tsx scripts/parity/measure-steps.ts DATA OUT ENGINE PRESET[:WIDTH] …, then compare_steps.py.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withEngines } from '../../src/cli/device/with-engines.ts'
import { openImageSource } from '../../src/cli/image-source.ts'
import { ENGINE_CHOICES } from '../../src/contract/engine-setting.ts'
import type { ImageSet } from '../../src/data/image-set.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { buildGraph } from '../../src/network/build-graph.ts'
import { namesIn } from '../../src/network/rename-parameters.ts'
import { withWidth } from '../../src/network/resize-network.ts'
import { findPreset, preferredNaming } from '../../src/presets/presets.ts'
import { imageNormalisation } from '../../src/training/image-normalisation.ts'
import { initialState } from '../../src/training/initialise.ts'
import { gather } from '../../src/training/sampler.ts'
import { writeSafetensors } from '../../src/transfer/safetensors.ts'
import { writeWeights } from '../../src/transfer/weights-file.ts'

const BATCH = 64
const STEPS = 20
const RATE_FACTOR = 0.01
const MOMENTUM = 0.9

type Tensors = Readonly<Record<string, Float32Array>>

const [data, out, asked, ...presets] = process.argv.slice(2)
const engine = ENGINE_CHOICES.find((choice) => choice === asked)
if (data === undefined || out === undefined || engine === undefined) {
  throw new Error('give the folder of CIFAR-10’s binary files, one for the results, and an engine')
}
const source = await openImageSource(data)
const [train, test] = [await source.load('train', null), await source.load('test', BATCH)]
await withEngines({ engine, threads: null }, async (engines) => {
  for (const words of presets) {
    for (const identity of [true, false]) await measure(await engines.get(), words, identity)
  }
})

async function measure(on: Engine, words: string, identity: boolean): Promise<void> {
  const [id = '', width] = words.split(':')
  const preset = findPreset(id)
  if (!preset) throw new Error(`no preset ${id}`)
  const resized =
    width === undefined ? preset.config.network : withWidth(preset.config.network, Number(width))
  const config = { ...preset.config, network: { ...resized, identity } }
  const graph = buildGraph(config)
  const initial = initialState(graph, config.seed)
  const learningRate = RATE_FACTOR * config.optimiser.learningRate
  const trainer = await on.compile(graph, {
    batchSize: BATCH,
    // Without decay the momentum buffer is a sum of gradients.
    optimiser: {
      kind: 'sgd',
      learningRate,
      momentum: MOMENTUM,
      nesterov: false,
      weightDecay: 0,
      decays: 'all',
    },
    labelSmoothing: 0,
    activations: 'f32',
    normalisation: await imageNormalisation(config.normalisation, async () => train),
    dropoutSeed: config.seed,
    initial,
  })
  const folder = join(out ?? '', `${id}-${config.network.stem.channels}-${identity ? 'identity' : 'plain'}`)
  await mkdir(folder, { recursive: true })
  const naming = preferredNaming(config)
  const namesOf = namesIn(naming, config.network)
  let before: Tensors = {}
  for (let step = 0; step < STEPS; step++) {
    trainer.step(batchOf(train, step), { learningRate })
    const buffers = (await trainer.read()).slots['momentum'] ?? {}
    const gradients = graph.parameters.map(({ name, shape }) => ({
      name: namesOf(name)[0] ?? name,
      dtype: 'F32' as const,
      shape,
      values: Float32Array.from(
        buffers[name] ?? [],
        (value, i) => value - MOMENTUM * (before[name]?.[i] ?? 0),
      ),
    }))
    before = buffers
    await writeFile(join(folder, `gradients-${step}.safetensors`), writeSafetensors(gradients, {}))
  }
  const logits = await trainer.evaluate(batchOf(test, 0))
  const weights = (state: typeof initial) => writeWeights({ state, config, naming, metrics: [] })
  await writeFile(join(folder, 'initial.safetensors'), weights(initial))
  await writeFile(join(folder, 'trained.safetensors'), weights(await trainer.read()))
  trainer.dispose()
  const { adapter } = on.info
  const facts = { preset: id, width: config.network.stem.channels, identity, classes: graph.classes, adapter }
  const recipe = { batch: BATCH, steps: STEPS, rate: learningRate, momentum: MOMENTUM, logits: [...logits] }
  await writeFile(join(folder, 'metrics.json'), JSON.stringify({ ...facts, ...recipe }))
}

/** The images that follow those of the steps before, neither moved nor mirrored. */
function batchOf(images: ImageSet, step: number) {
  return gather(
    images,
    Array.from({ length: BATCH }, (_, i) => step * BATCH + i),
  )
}
