// The lab's half of the comparison of the five systems with PyTorch: for each preset, with identity and without, its
// initial weights in its author's names, the first step's loss and gradients, 20 steps of its own optimiser on the first
// real images as they are, the weights and momentum before the last of them and after it, and logits of the first test
// images.
// Run: npx tsx scripts/parity/measure-systems.ts DATA OUT [PRESET[:WIDTH] …], then compare_systems.py.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openImageSource } from '../../src/cli/image-source.ts'
import type { RunConfig } from '../../src/config/run-config.ts'
import type { ImageSet } from '../../src/data/image-set.ts'
import type { Engine, TrainerState } from '../../src/engine/engine.ts'
import { buildGraph } from '../../src/network/build-graph.ts'
import { namesIn } from '../../src/network/rename-parameters.ts'
import { findPreset, preferredNaming } from '../../src/presets/presets.ts'
import { withWidth } from '../../src/network/resize-network.ts'
import { imageNormalisation } from '../../src/training/image-normalisation.ts'
import { initialState } from '../../src/training/initialise.ts'
import { gather } from '../../src/training/sampler.ts'
import { writeSafetensors } from '../../src/transfer/safetensors.ts'
import { writeWeights } from '../../src/transfer/weights-file.ts'
import { openEngine } from './open-engine.ts'

const BATCH = 64
const STEPS = 20

const DEFAULT_PRESETS = [
  'akamaster-20',
  'he-20',
  'drgripa1-20',
  'iavicenna-14',
  'iavicenna-32:4',
  'mbsariyildiz-10',
  'mbsariyildiz-34:8',
  'mbsariyildiz-50:8',
  'mbsariyildiz-18-cifar100:8',
  'zhenye-na',
]

const [data, out, ...asked] = process.argv.slice(2)
if (data === undefined || out === undefined) {
  throw new Error('give the folder of CIFAR-10’s binary files, and one for the results')
}
const source = await openImageSource(data)
const train = await source.load('train', null)
const test = await source.load('test', BATCH)
const { engine, device } = await openEngine()
for (const words of asked.length > 0 ? asked : DEFAULT_PRESETS) {
  for (const identity of [true, false]) await measure(engine, configOf(words, identity))
}
engine.dispose()

function configOf(words: string, identity: boolean): RunConfig {
  const [id = '', width] = words.split(':')
  const preset = findPreset(id)
  if (!preset) throw new Error(`no preset ${id}`)
  const { config } = preset
  const network = width === undefined ? config.network : withWidth(config.network, Number(width))
  return { ...config, network: { ...network, identity } }
}

async function measure(on: Engine, config: RunConfig): Promise<void> {
  const begun = performance.now()
  const graph = buildGraph(config)
  const initial = initialState(graph, config.seed)
  const compile = async (optimiser: RunConfig['optimiser']) =>
    on.compile(graph, {
      batchSize: BATCH,
      optimiser,
      labelSmoothing: config.labelSmoothing,
      activations: 'f32',
      normalisation: await imageNormalisation(config.normalisation, async () => train),
      dropoutSeed: config.seed,
      initial,
    })
  // The momentum buffer of a first step without decay is the gradient.
  const descent = await compile({
    kind: 'sgd',
    learningRate: 0.1,
    momentum: 0.9,
    nesterov: false,
    weightDecay: 0,
    decays: 'all',
  })
  descent.step(batchOf(train, 0), { learningRate: 0.1 })
  const gradients = (await descent.read()).slots['momentum'] ?? {}
  descent.dispose()

  const trainer = await compile(config.optimiser)
  const states: TrainerState[] = []
  for (let step = 0; step < STEPS; step++) {
    if (step >= STEPS - 1) states.push(await trainer.read())
    trainer.step(batchOf(train, step), { learningRate: config.optimiser.learningRate })
  }
  const losses = (await trainer.drain()).map(({ loss }) => loss)
  states.push(await trainer.read())
  const [beforeLast, trained] = states
  if (!beforeLast || !trained) throw new Error('two states are read')
  const logits = await trainer.evaluate(batchOf(test, 0))
  trainer.dispose()

  const { stem } = config.network
  const name = [config.preset, `w${stem.channels}`, config.network.identity ? 'identity' : 'plain'].join('-')
  const folder = join(out ?? '', name)
  await mkdir(folder, { recursive: true })
  const naming = preferredNaming(config)
  const weights = (state: TrainerState) => writeWeights({ state, config, naming, metrics: [] })
  const namesOf = namesIn(naming, config.network)
  const tensorsOf = (all: Readonly<Record<string, Float32Array>>) =>
    graph.parameters.map(({ name: own, shape }) => {
      const values = all[own]
      if (!values) throw new Error(`nothing is known of ${own}`)
      return { name: namesOf(own)[0] ?? own, dtype: 'F32' as const, shape, values }
    })
  const metrics = {
    preset: config.preset,
    width: stem.channels,
    identity: config.network.identity,
    classes: graph.classes,
    batch: BATCH,
    seed: config.seed,
    losses,
    logits: [...logits],
    device,
  }
  await writeFile(join(folder, 'initial.safetensors'), weights(initial))
  await writeFile(join(folder, 'before-last.safetensors'), weights(beforeLast))
  const momentum = writeSafetensors(tensorsOf(beforeLast.slots['momentum'] ?? {}), {})
  await writeFile(join(folder, 'momentum.safetensors'), momentum)
  await writeFile(join(folder, 'trained.safetensors'), weights(trained))
  await writeFile(join(folder, 'gradients.safetensors'), writeSafetensors(tensorsOf(gradients), {}))
  await writeFile(join(folder, 'metrics.json'), JSON.stringify(metrics))
  console.error(`${name}: ${((performance.now() - begun) / 1000).toFixed(0)} s`)
}

/** The images that follow those of the steps before, neither moved nor mirrored. */
function batchOf(images: ImageSet, step: number) {
  return gather(
    images,
    Array.from({ length: BATCH }, (_, i) => step * BATCH + i),
  )
}
