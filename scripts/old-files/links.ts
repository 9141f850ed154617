// Set-ups as the page shares and saves them: its own, the presets, and one for each thing that can be chosen.
import { defaultSetup } from '../../src/client/setup/default-setup.ts'
import { MEASURED_EXPERIMENTS } from '../../src/client/setup/quick-start.ts'
import { fromFragment, toFragment } from '../../src/client/setup/share-link.ts'
import type { RunConfig } from '../../src/config/run-config.ts'
import { PRESETS } from '../../src/presets/presets.ts'
import * as sessions from './sessions.ts'

const UNUSUAL: RunConfig = {
  version: 3,
  preset: 'iavicenna-20',
  data: { set: 'cifar100', limitTrain: 49_999, limitTest: 1, validation: { images: 49_998 } },
  network: {
    stem: { channels: 512, dropout: 0.9 },
    stages: [64, 1, 2, 3].map((blocks, i) => ({ blocks, channels: 1024 - i })),
    block: { kind: 'bottleneck', reluAfterAdd: false },
    shortcut: { kind: 'conv3x3-bn' },
    convolutionBias: '1x1',
    head: { pool: 'max', bias: false },
    initialisation: {
      weights: 'kaiming-normal-fan-out',
      linear: 'uniform',
      linearBias: 'zero',
      scale: 'normal',
      runningVariance: 0,
    },
    identity: false,
  },
  optimiser: {
    kind: 'rmsprop',
    learningRate: 1e-7,
    alpha: 0.9999,
    momentum: 0.5,
    epsilon: 1e-20,
    weightDecay: 1,
    decays: 'weights-only',
  },
  schedule: {
    kind: 'plateau',
    watches: 'loss',
    factor: 0.123456789,
    patience: 10_000,
    threshold: 1,
    cooldown: 7,
    minRate: 1e-9,
  },
  warmup: { kind: 'until-training-error', rate: 0.01, error: 0.8 },
  budget: { unit: 'iteration', amount: 9_999_999 },
  evaluateFirst: false,
  batchSize: 4096,
  labelSmoothing: 0.9,
  activations: 'f16',
  augmentation: { rotation: 179.5, cropPadding: 16, cropReachesEnd: false, flip: false },
  normalisation: { kind: 'training-channels' },
  whitening: { kind: 'author' },
  seed: Number.MAX_SAFE_INTEGER,
}

/** Fields that version 2 got after its first day; without them a config means what it meant then. */
const LATER = ['warmup', 'evaluateFirst', 'activations', 'whitening'] as const

function earlyVersion2(): unknown {
  const { augmentation, normalisation, data, ...rest } = { ...sessions.TRAVELLING }
  const { cropPadding, flip } = augmentation
  const { validation: _validation, ...images } = data
  const { kind: _kind, ...channels } = normalisation
  const early: Record<string, unknown> = {
    ...rest,
    data: images,
    augmentation: { cropPadding, flip },
    normalisation: channels,
  }
  for (const field of LATER) delete early[field]
  return early
}

/** The first version's networks were He et al.'s only. */
const VERSION_1 = {
  version: 1,
  preset: 'akamaster-20',
  data: { set: 'cifar10', limitTrain: null, limitTest: 1000 },
  network: { n: 3, width: 16, shortcut: 'subsample-pad', padding: 'end', identity: true },
  optimiser: sessions.FINISHED.optimiser,
  schedule: { kind: 'cosine', unit: 'epoch', warmup: 5 },
  budget: { unit: 'epoch', amount: 200 },
  batchSize: 128,
  labelSmoothing: 0,
  augmentation: { cropPadding: 4, flip: true },
  normalisation: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  seed: 3,
}

const SETUPS: Readonly<Record<string, RunConfig>> = {
  'the page before a device is known': defaultSetup(null),
  ...Object.fromEntries(
    Object.entries(MEASURED_EXPERIMENTS).map(([name, { setup }]) => [`the page offers ${name}`, setup]),
  ),
  ...Object.fromEntries(PRESETS.map(({ id, config }) => [`preset ${id}`, config])),
  'sgd, step by epochs, subsample-pad': sessions.TRAVELLING,
  'sgd with Nesterov, step by iterations': sessions.FINISHED,
  'adamw, cosine, linear warm-up, conv1x1-bn': sessions.PAUSED,
  'rmsprop, exponential, bottleneck, conv1x1': sessions.STOPPED_RMSPROP,
  'adagrad, plateau, transition, conv3x3-bn': sessions.PAUSED_ADAGRAD,
  'adam, one-cycle, max pool, avgpool-pad': sessions.QUEUE_BEGUN,
  'constant, warm-up until the training error': sessions.WAITING,
  'the textbook’s whitening': sessions.WHITENED,
  'every field unusual': UNUSUAL,
}

const fragmentOf = (value: unknown) => `#config=${Buffer.from(JSON.stringify(value)).toString('base64url')}`

/** `config` is what the link means where its own JSON says less, or says it in an earlier version's words. */
export function setupLinks(): { name: string; link: string; config?: RunConfig | null }[] {
  const earlier = { 'the first version': VERSION_1, 'the second version’s first day': earlyVersion2() }
  return [
    ...Object.entries(SETUPS).map(([name, setup]) => ({ name, link: toFragment(setup) })),
    ...Object.entries(earlier).map(([name, value]) => {
      const link = fragmentOf(value)
      return { name, link, config: fromFragment(link) }
    }),
  ]
}

/** Files as “Save set-up” writes them. */
export function setupFiles(): { name: string; text: string }[] {
  return [defaultSetup(null), UNUSUAL].map((setup) => ({
    name: `residual-lab-${setup.preset ?? 'set-up'}.json`,
    text: `${JSON.stringify(setup, null, 2)}\n`,
  }))
}
