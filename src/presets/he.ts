// "Deep Residual Learning for Image Recognition" (arXiv:1512.03385, section 4.2), by the paper's recipe and by akamaster's.
import type { NetworkConfig } from '../network/network-config.ts'
import type { RunConfig } from '../config/run-config.ts'
import {
  accuracyOf,
  NO_SWITCH,
  OWN_DRAWS,
  type Preset,
  RECIPE_BASE,
  RUNNING_ACCURACY,
  type ReportedRow,
  type System,
} from './system.ts'

export type HeNetwork = {
  /** Blocks a stage: 6n + 2 weight layers. */
  readonly n: number
  /** Channels of the first stage; the others have 2 and 4 times as many. */
  readonly width?: number
  readonly shortcut?: NetworkConfig['shortcut']
  readonly identity?: boolean
  readonly linearBias?: NetworkConfig['initialisation']['linearBias']
}

/** The family for CIFAR: three stages of n basic blocks. */
export function heNetwork({
  n,
  width = 16,
  shortcut,
  identity = true,
  linearBias = 'zero',
}: HeNetwork): NetworkConfig {
  return {
    stem: { channels: width, dropout: 0 },
    stages: [1, 2, 4].map((factor) => ({ blocks: n, channels: width * factor })),
    block: { kind: 'basic', reluAfterAdd: true },
    shortcut: shortcut ?? { kind: 'subsample-pad', padding: 'centre' },
    convolutionBias: 'none',
    head: { pool: 'average', bias: true },
    initialisation: {
      weights: 'kaiming-normal-fan-in',
      linear: 'as-convolutions',
      linearBias,
      scale: 'one',
      runningVariance: 1,
    },
    identity,
  }
}

/** Blocks a stage; the paper's error % (table 6), akamaster's. */
const MEMBERS = [
  { n: 3, paper: 8.75, akamaster: 8.27 },
  { n: 5, paper: 7.51, akamaster: 7.37 },
  { n: 7, paper: 7.17, akamaster: 6.9 },
  { n: 9, paper: 6.97, akamaster: 6.61 },
  { n: 18, paper: 6.43, akamaster: 6.32 },
] as const

const depthOf = (n: number) => 6 * n + 2

const SGD: RunConfig['optimiser'] = {
  kind: 'sgd',
  learningRate: 0.1,
  momentum: 0.9,
  nesterov: false,
  weightDecay: 1e-4,
  decays: 'all',
}

function akamasterPreset(n: number): Preset {
  const id = `akamaster-${depthOf(n)}`
  return {
    id,
    title: `ResNet-${depthOf(n)}, akamaster’s recipe`,
    note:
      '200 epochs at rate 0.1, divided by 10 at epochs 100 and 150; images normalised with ImageNet’s constants.' +
      (n === 18 ? ' The first epoch at 0.01.' : ''),
    config: {
      ...RECIPE_BASE,
      preset: id,
      network: heNetwork({ n, linearBias: 'uniform' }),
      optimiser: SGD,
      schedule: { kind: 'step', unit: 'epoch', milestones: [100, 150], factor: 0.1 },
      warmup: n === 18 ? { kind: 'constant', unit: 'epoch', length: 1, factor: 0.1 } : null,
      budget: { unit: 'epoch', amount: 200 },
      batchSize: 128,
      normalisation: { kind: 'channels', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
      whitening: null,
    },
  }
}

function paperPreset(n: number): Preset {
  const id = `he-${depthOf(n)}`
  return {
    id,
    title: `ResNet-${depthOf(n)}, the paper’s recipe`,
    note:
      '64,000 iterations at rate 0.1, divided by 10 at 32,000 and 48,000; the mean training image subtracted.' +
      (n === 18 ? ' Starts at rate 0.01 until the training error is below 80 %.' : ''),
    config: {
      ...RECIPE_BASE,
      preset: id,
      network: heNetwork({ n, shortcut: { kind: 'subsample-pad', padding: 'end' } }),
      optimiser: SGD,
      schedule: { kind: 'step', unit: 'iteration', milestones: [32_000, 48_000], factor: 0.1 },
      warmup: n === 18 ? { kind: 'until-training-error', rate: 0.01, error: 0.8 } : null,
      budget: { unit: 'iteration', amount: 64_000 },
      batchSize: 128,
      normalisation: { kind: 'pixel-mean' },
      whitening: null,
    },
  }
}

const REPORTED: readonly ReportedRow[] = MEMBERS.flatMap(({ n, paper, akamaster }) => [
  {
    preset: `he-${depthOf(n)}`,
    identity: true,
    testAccuracy: accuracyOf(paper),
    cells: [`${paper.toFixed(2)} %`, n === 18 ? '6.61 ± 0.16 over 5 runs' : '1 run'],
  },
  {
    preset: `akamaster-${depthOf(n)}`,
    identity: true,
    testAccuracy: accuracyOf(akamaster),
    cells: [`${akamaster.toFixed(2)} %`, 'last epoch of 1 run'],
  },
])

export const HE: System = {
  id: 'he',
  title: 'He et al. / akamaster',
  source: {
    name: 'akamaster/pytorch_resnet_cifar10',
    url: 'https://github.com/akamaster/pytorch_resnet_cifar10',
  },
  about:
    'The CIFAR-10 networks of the paper that introduced residual learning (arXiv:1512.03385, section 4.2): 6n + 2 weight ' +
    'layers, shortcuts without parameters (stride-2 subsampling, zero-padded channels), no bias in convolutions. By the paper’s ' +
    'own recipe, and by that of akamaster’s reproduction.',
  reported: {
    columns: ['Test error', 'Of'],
    rows: REPORTED,
    note: 'Without shortcuts the error rises with depth (the paper’s Fig. 6, left): it gives curves, no numbers.',
  },
  differences: [
    NO_SWITCH,
    OWN_DRAWS,
    RUNNING_ACCURACY,
    'The paper does not say where the zero channels go. Our interpretation for its presets: at the end; akamaster puts half on each side.',
    'The paper chose its schedule on 45,000 training images and 5,000 for validation; these presets train on all 50,000.',
    'The paper does not say how the linear layer’s bias begins: at 0 in its presets; akamaster leaves it to PyTorch’s default, uniform on ±1/√fan-in, and so do the presets of that recipe.',
    'akamaster-110 trains its first epoch at 0.01, then at 0.1. With PyTorch 1.4 or later the author’s script never returns to 0.1, because its MultiStepLR multiplies the rate that it finds.',
    'The paper does not say over how many batches its training error is a mean. Our interpretation: over 100 in a row.',
  ],
  naming: 'akamaster',
  presets: MEMBERS.flatMap(({ n }) => [akamasterPreset(n), paperPreset(n)]),
}
