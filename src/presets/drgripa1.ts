// drgripa1/resnet-cifar10, a reproduction of the paper's table for CIFAR-10.
import type { NetworkConfig } from '../network/network-config.ts'
import { heNetwork } from './he.ts'
import {
  accuracyOf,
  NO_BIAS_GRADIENT,
  NO_SWITCH,
  OWN_DRAWS,
  type Preset,
  RECIPE_BASE,
  RUNNING_ACCURACY,
  type System,
} from './system.ts'

/** The paper's network, but with biases in its convolutions and γ drawn at random. */
function drgripa1Network(n: number): NetworkConfig {
  const network = heNetwork({ n, shortcut: { kind: 'subsample-pad', padding: 'end' } })
  return {
    ...network,
    convolutionBias: 'all',
    initialisation: { ...network.initialisation, scale: 'normal' },
  }
}

/** Blocks a stage; error %, mean and standard deviation of 5 runs; the paper's error %. */
const MEMBERS = [
  { n: 3, mean: 8.586, deviation: 0.12, paper: 8.75 },
  { n: 5, mean: 7.728, deviation: 0.318, paper: 7.51 },
  { n: 7, mean: 7.54, deviation: 0.475, paper: 7.17 },
  { n: 9, mean: 7.884, deviation: 0.523, paper: 6.97 },
] as const

const idOf = (n: number) => `drgripa1-${6 * n + 2}`

function preset(n: number): Preset {
  return {
    id: idOf(n),
    title: `ResNet-${6 * n + 2}`,
    note: null,
    config: {
      ...RECIPE_BASE,
      preset: idOf(n),
      network: drgripa1Network(n),
      optimiser: {
        kind: 'sgd',
        learningRate: 0.1,
        momentum: 0.9,
        nesterov: false,
        weightDecay: 1e-4,
        decays: 'all',
      },
      schedule: { kind: 'step', unit: 'iteration', milestones: [32_000, 48_000], factor: 0.1 },
      budget: { unit: 'iteration', amount: 64_000 },
      batchSize: 128,
      augmentation: { ...RECIPE_BASE.augmentation, cropReachesEnd: false },
      normalisation: { kind: 'image-mean' },
      whitening: null,
    },
  }
}

export const DRGRIPA1: System = {
  id: 'drgripa1',
  title: 'drgripa1',
  source: { name: 'drgripa1/resnet-cifar10', url: 'https://github.com/drgripa1/resnet-cifar10' },
  about:
    'A reproduction of the CIFAR-10 table of arXiv:1512.03385: the paper’s networks, with biases in the convolutions and ' +
    'batch norm’s γ drawn around 1; each image minus its own mean; 64,000 iterations; the mean of five runs.',
  reported: {
    columns: ['Test error, 5 runs', 'The paper’s'],
    rows: MEMBERS.map(({ n, mean, deviation, paper }) => ({
      preset: idOf(n),
      identity: true,
      testAccuracy: accuracyOf(mean),
      cells: [`${mean.toFixed(3)} ± ${deviation.toFixed(3)} %`, `${paper.toFixed(2)} %`],
    })),
    note: null,
  },
  differences: [
    NO_SWITCH,
    OWN_DRAWS,
    RUNNING_ACCURACY,
    'The author’s crop begins at 0 to 7 and never at 8 of the 8 possible shifts; so does this preset.',
    `A convolution’s bias before a batch norm ${NO_BIAS_GRADIENT}`,
  ],
  naming: 'drgripa1',
  presets: MEMBERS.map(({ n }) => preset(n)),
}
