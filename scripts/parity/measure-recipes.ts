// The lab's half of the comparison of exported recipes: for each optimiser, decay group, schedule, warm-up and
// normalisation in a narrow network, and for each family's own recipe, the run's PyTorch folder before its first step,
// its learning rates over the whole budget, and the losses of 5 steps at rates of the middle of it, on the first real
// images as they are.
// Run: npx tsx scripts/parity/measure-recipes.ts DATA OUT, then compare_recipes.py.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openImageSource } from '../../src/cli/image-source.ts'
import { adagrad } from '../../src/optimisers/adagrad.ts'
import { adam } from '../../src/optimisers/adam.ts'
import { adamw } from '../../src/optimisers/adamw.ts'
import { rmsprop } from '../../src/optimisers/rmsprop.ts'
import { sgd } from '../../src/optimisers/sgd.ts'
import type { RunConfig } from '../../src/config/run-config.ts'
import { learningRateAt, stepsPerEpoch, totalSteps } from '../../src/config/schedule.ts'
import { buildGraph } from '../../src/network/build-graph.ts'
import { findPreset, preferredNaming } from '../../src/presets/presets.ts'
import { withBlocks, withWidth } from '../../src/network/resize-network.ts'
import { firstCheckpoint } from '../../src/training/checkpoint.ts'
import { imageNormalisation } from '../../src/training/image-normalisation.ts'
import { gather } from '../../src/training/sampler.ts'
import { pytorchFiles } from '../../src/transfer/pytorch/pytorch-files.ts'
import { openEngine } from './open-engine.ts'

const IMAGES = 1_000
const BATCH = 64
const STEPS = 5
const RATES = 500

const CASES: readonly (readonly [preset: string, name: string, changes: Partial<RunConfig>])[] = [
  ...['akamaster-20', 'iavicenna-14', 'mbsariyildiz-10', 'zhenye-na', 'drgripa1-20'].map(
    (id) => [id, 'its own', {}] as const,
  ),
  [
    'he-20',
    'nesterov, cosine by epochs, linear warm-up by epochs',
    {
      optimiser: { ...sgd.defaults, nesterov: true, weightDecay: 0.01, decays: 'all-but-biases' },
      schedule: { kind: 'cosine', unit: 'epoch' },
      warmup: { kind: 'linear', unit: 'epoch', length: 3 },
    },
  ],
  [
    'he-20',
    'adam, one cycle',
    {
      optimiser: { ...adam.defaults, weightDecay: 0.01, decays: 'weights-only' },
      schedule: { kind: 'one-cycle', rise: 0.3, startDivisor: 25, endDivisor: 1e4 },
      warmup: null,
      labelSmoothing: 0.1,
    },
  ],
  [
    'he-20',
    'adamw, exponential by iterations, linear warm-up by iterations',
    {
      optimiser: { ...adamw.defaults, decays: 'weights-only' },
      schedule: { kind: 'exponential', unit: 'iteration', rate: 0.01 },
      warmup: { kind: 'linear', unit: 'iteration', length: 20 },
      normalisation: { kind: 'training-channels' },
    },
  ],
  [
    'he-20',
    'rmsprop, steps by iterations',
    {
      optimiser: { ...rmsprop.defaults, momentum: 0.9, weightDecay: 0.01 },
      schedule: { kind: 'step', unit: 'iteration', milestones: [50, 90], factor: 0.1 },
      warmup: null,
      normalisation: { kind: 'image-mean' },
    },
  ],
  [
    'he-20',
    'adagrad, cosine by iterations',
    {
      optimiser: { ...adagrad.defaults, weightDecay: 0.01 },
      schedule: { kind: 'cosine', unit: 'iteration' },
      warmup: { kind: 'linear', unit: 'iteration', length: 20 },
      normalisation: { kind: 'pixel-mean' },
    },
  ],
]

const [data, out] = process.argv.slice(2)
if (data === undefined || out === undefined) {
  throw new Error('give the folder of CIFAR-10’s binary files, and one for the results')
}
const train = await (await openImageSource(data)).load('train', IMAGES)
const { engine, device } = await openEngine()
for (const [id, name, changes] of CASES) {
  await measure(configOf(id, changes), join(out, `${id}, ${name}`))
}
engine.dispose()

/** Narrow, of one block a stage; 10 epochs of 1,000 images, without whitening, dropout and what goes by results. */
function configOf(id: string, changes: Partial<RunConfig>): RunConfig {
  const preset = findPreset(id)
  if (!preset) throw new Error(`no preset ${id}`)
  const network = withWidth(withBlocks(preset.config.network, 1), 4)
  return {
    ...preset.config,
    whitening: null,
    ...changes,
    data: { set: 'cifar10', limitTrain: IMAGES, limitTest: null, validation: null },
    network: { ...network, stem: { ...network.stem, dropout: 0 } },
    batchSize: BATCH,
    budget: { unit: 'epoch', amount: 10 },
  }
}

async function measure(config: RunConfig, folder: string): Promise<void> {
  const perEpoch = stepsPerEpoch(IMAGES, BATCH)
  const total = totalSteps(config.budget, perEpoch)
  const results = { baseRate: config.optimiser.learningRate, warmupEnd: 0 }
  const rateOf = (step: number) =>
    learningRateAt(config, { step, stepsPerEpoch: perEpoch, totalSteps: total }, results)
  const checkpoint = firstCheckpoint(config)
  const trainer = await engine.compile(buildGraph(config), {
    batchSize: BATCH,
    optimiser: config.optimiser,
    labelSmoothing: config.labelSmoothing,
    activations: 'f32',
    normalisation: await imageNormalisation(config.normalisation, async () => train),
    dropoutSeed: config.seed,
    initial: checkpoint.state,
  })
  // An epoch's first steps, so that the script's order, that of the file, begins with the same images.
  const from = perEpoch * 5
  for (let step = 0; step < STEPS; step++) {
    const images = Array.from({ length: BATCH }, (_, i) => step * BATCH + i)
    trainer.step(gather(train, images), { learningRate: rateOf(from + step) })
  }
  const losses = (await trainer.drain()).map(({ loss }) => loss)
  trainer.dispose()

  await mkdir(folder, { recursive: true })
  for (const [name, content] of pytorchFiles(checkpoint, preferredNaming(config))) {
    await writeFile(join(folder, name), content)
  }
  const steps = Array.from({ length: Math.min(RATES, total) }, (_, i) => i)
  const recipe = { device, perEpoch, total, from, rates: steps.map(rateOf), losses }
  await writeFile(join(folder, 'recipe.json'), JSON.stringify(recipe))
}
