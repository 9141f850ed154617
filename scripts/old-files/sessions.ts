// The sessions whose runs are kept as old files: between them every optimiser, schedule, warm-up, block and shortcut.
import type { RunConfig } from '../../src/config/run-config.ts'
import { configOf, SIDES } from '../../src/runs/pair.ts'
import { SMALL_CONFIG } from '../../src/testing/runs/small-config.ts'
import type { Runs } from '../../src/testing/old-files/plain-lab.ts'

/** Epochs of six steps, the last of two images. */
const BASE: RunConfig = {
  ...SMALL_CONFIG,
  data: { set: 'builtin', limitTrain: 22, limitTest: 10, validation: null },
}
const FOUR_STAGES = [2, 2, 4, 4].map((channels) => ({ blocks: 1, channels }))
const THREE_STAGES = [1, 2, 1].map((blocks, i) => ({ blocks, channels: 2 * (i + 1) }))

/** A pair that travels as a zip archive. */
export const TRAVELLING: RunConfig = {
  ...BASE,
  preset: 'akamaster-20',
  schedule: { kind: 'step', unit: 'epoch', milestones: [1, 2], factor: 0.1 },
  budget: { unit: 'epoch', amount: 3 },
}

export const FINISHED: RunConfig = {
  ...BASE,
  optimiser: {
    kind: 'sgd',
    learningRate: 0.1,
    momentum: 0.9,
    nesterov: true,
    weightDecay: 1e-3,
    decays: 'weights-only',
  },
  schedule: { kind: 'step', unit: 'iteration', milestones: [4, 9], factor: 0.2 },
}

export const PAUSED: RunConfig = {
  ...BASE,
  data: { ...BASE.data, validation: { images: 6 } },
  network: {
    ...BASE.network,
    stem: { channels: 2, dropout: 0.1 },
    shortcut: { kind: 'conv1x1-bn' },
  },
  optimiser: {
    kind: 'adamw',
    learningRate: 0.01,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0.01,
    decays: 'all-but-biases',
  },
  schedule: { kind: 'cosine', unit: 'iteration' },
  warmup: { kind: 'linear', unit: 'iteration', length: 3 },
  budget: { unit: 'epoch', amount: 3 },
  evaluateFirst: true,
  labelSmoothing: 0.1,
  augmentation: { rotation: 5, cropPadding: 2, cropReachesEnd: false, flip: false },
}

export const STOPPED_RMSPROP: RunConfig = {
  ...BASE,
  network: {
    ...BASE.network,
    stages: THREE_STAGES,
    block: { kind: 'bottleneck', reluAfterAdd: false },
    shortcut: { kind: 'conv1x1' },
    convolutionBias: 'all',
    initialisation: {
      weights: 'kaiming-uniform-fan-in',
      linear: 'uniform',
      linearBias: 'zero',
      scale: 'normal',
      runningVariance: 0,
    },
  },
  optimiser: {
    kind: 'rmsprop',
    learningRate: 0.001,
    alpha: 0.99,
    momentum: 0.5,
    epsilon: 1e-8,
    weightDecay: 1e-4,
    decays: 'all',
  },
  schedule: { kind: 'exponential', unit: 'iteration', rate: 0.05 },
  normalisation: { kind: 'training-channels' },
}

export const PAUSED_ADAGRAD: RunConfig = {
  ...BASE,
  network: {
    ...BASE.network,
    stages: THREE_STAGES,
    block: { kind: 'transition' },
    shortcut: { kind: 'conv3x3-bn' },
    initialisation: { ...BASE.network.initialisation, weights: 'kaiming-normal-fan-out' },
  },
  optimiser: { kind: 'adagrad', learningRate: 0.01, epsilon: 1e-10, weightDecay: 1e-4, decays: 'all' },
  schedule: {
    kind: 'plateau',
    watches: 'accuracy',
    factor: 0.5,
    patience: 0,
    threshold: 0.1,
    cooldown: 0,
    minRate: 1e-4,
  },
  budget: { unit: 'epoch', amount: 4 },
  normalisation: { kind: 'pixel-mean' },
}

export const QUEUE_BEGUN: RunConfig = {
  ...BASE,
  network: {
    ...BASE.network,
    stem: { channels: 2, dropout: 0 },
    stages: FOUR_STAGES,
    shortcut: { kind: 'avgpool-pad', padding: 'end' },
    head: { pool: 'max', bias: false },
  },
  optimiser: {
    kind: 'adam',
    learningRate: 0.002,
    beta1: 0.8,
    beta2: 0.99,
    epsilon: 1e-6,
    weightDecay: 1e-3,
    decays: 'all',
  },
  schedule: { kind: 'one-cycle', rise: 0.3, startDivisor: 25, endDivisor: 1e4 },
  budget: { unit: 'iteration', amount: 200 },
  normalisation: { kind: 'image-mean' },
}

/** The warm-up lasts for 100 steps at least; the seed is one of more than 32 bits. */
export const WAITING: RunConfig = {
  ...BASE,
  optimiser: { ...BASE.optimiser, learningRate: 0.02 },
  warmup: { kind: 'until-training-error', rate: 0.01, error: 0.99 },
  budget: { unit: 'iteration', amount: 103 },
  seed: 2 ** 40 + 7,
}

export const WAITING_SINGLE: RunConfig = { ...BASE, budget: { unit: 'iteration', amount: 5 }, seed: 0 }

export const UNSTEPPED: RunConfig = { ...WAITING_SINGLE, seed: 4 }

export const ON_STORED_IMAGES: RunConfig = {
  ...BASE,
  data: { set: 'cifar10', limitTrain: 5, limitTest: null, validation: null },
}

export const WHITENED: RunConfig = {
  ...BASE,
  data: { ...BASE.data, limitTrain: 8 },
  whitening: { kind: 'covariance', epsilon: 0.01 },
  budget: { unit: 'epoch', amount: 3 },
}

export const DELETED: RunConfig = { ...BASE, budget: { unit: 'epoch', amount: 1 }, seed: 9 }

/** Diverges in some 20 steps. */
export const DIVERGING: RunConfig = {
  ...BASE,
  optimiser: { ...BASE.optimiser, learningRate: 100, weightDecay: 1 },
  budget: { unit: 'iteration', amount: 60 },
}

export const pairOf = (session: string, setup: RunConfig): Runs =>
  SIDES.map((side) => ({ run: `${session}-${side}`, config: configOf(side, setup) }))

export const singleOf = (session: string, setup: RunConfig, side: 'a' | 'b' = 'a'): Runs => [
  { run: `${session}-${side}`, config: configOf(side, setup) },
]
