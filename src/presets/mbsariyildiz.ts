// mbsariyildiz/resnet-pytorch, CIFAR-10 and CIFAR-100.
import type { NetworkConfig } from '../network/network-config.ts'
import type { RunConfig } from '../config/run-config.ts'
import {
  NO_BIAS_GRADIENT,
  NO_SWITCH,
  OWN_DRAWS,
  type Preset,
  RECIPE_BASE,
  RUNNING_ACCURACY,
  type ReportedRow,
  type System,
} from './system.ts'

function mbsariyildizNetwork(blocks: readonly number[], kind: 'basic' | 'bottleneck'): NetworkConfig {
  return {
    stem: { channels: 64, dropout: 0 },
    stages: blocks.map((count, i) => ({ blocks: count, channels: 64 * 2 ** i })),
    block: { kind, reluAfterAdd: true },
    shortcut: { kind: 'avgpool-pad', padding: 'end' },
    convolutionBias: kind === 'bottleneck' ? '1x1' : 'none',
    head: { pool: 'average', bias: false },
    initialisation: {
      weights: 'kaiming-uniform-fan-in',
      linear: 'as-convolutions',
      linearBias: 'zero',
      scale: 'one',
      runningVariance: 0,
    },
    identity: true,
  }
}

const MEMBERS = [
  { depth: 10, blocks: [1, 1, 1, 1], kind: 'basic' },
  { depth: 18, blocks: [2, 2, 2, 2], kind: 'basic' },
  { depth: 34, blocks: [3, 4, 6, 3], kind: 'basic' },
  { depth: 50, blocks: [3, 4, 6, 3], kind: 'bottleneck' },
] as const

const SETS = [
  {
    set: 'cifar10',
    suffix: '',
    name: 'CIFAR-10',
    normalisation: { kind: 'channels', mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] },
  },
  {
    set: 'cifar100',
    suffix: '-cifar100',
    name: 'CIFAR-100',
    normalisation: { kind: 'channels', mean: [0.5071, 0.4867, 0.4408], std: [0.2675, 0.2565, 0.2761] },
  },
] as const satisfies readonly {
  set: RunConfig['data']['set']
  suffix: string
  name: string
  normalisation: RunConfig['normalisation']
}[]

function preset({ depth, blocks, kind }: (typeof MEMBERS)[number], on: (typeof SETS)[number]): Preset {
  const id = `mbsariyildiz-${depth}${on.suffix}`
  return {
    id,
    title: `ResNet-${depth}, ${on.name}`,
    note: depth === 50 ? 'The author’s text says a batch of 64; the code’s default is 128.' : null,
    config: {
      ...RECIPE_BASE,
      preset: id,
      data: { ...RECIPE_BASE.data, set: on.set },
      network: mbsariyildizNetwork(blocks, kind),
      optimiser: {
        kind: 'sgd',
        learningRate: 0.1,
        momentum: 0.9,
        nesterov: false,
        weightDecay: 5e-4,
        decays: 'all',
      },
      schedule: { kind: 'step', unit: 'epoch', milestones: [100, 200], factor: 0.1 },
      budget: { unit: 'epoch', amount: 300 },
      batchSize: depth === 50 ? 64 : 128,
      normalisation: on.normalisation,
      whitening: null,
      seed: 67,
    },
  }
}

/** Top-1 %, with and without identity, on each set; null where the author reports none. */
const REPORTED = [
  { depth: 10, cifar10: { with: 94.4, without: 94.2 }, cifar100: { with: 75.3, without: 75.5 } },
  { depth: 18, cifar10: { with: 95, without: 94.8 }, cifar100: { with: 79.2, without: 76.7 } },
  { depth: 34, cifar10: { with: 95.5, without: 93.5 }, cifar100: { with: 79.4, without: 71.4 } },
  { depth: 50, cifar10: { with: 95, without: 90.3 }, cifar100: null },
] as const

function reportedOn(set: 'cifar10' | 'cifar100', suffix: string): ReportedRow[] {
  return REPORTED.flatMap((row) => {
    const accuracies = row[set]
    if (!accuracies) return []
    return ([true, false] as const).map((identity) => {
      const testAccuracy = identity ? accuracies.with : accuracies.without
      return {
        preset: `mbsariyildiz-${row.depth}${suffix}`,
        identity,
        testAccuracy,
        cells: [`${testAccuracy.toFixed(1)} %`],
      }
    })
  })
}

export const MBSARIYILDIZ: System = {
  id: 'mbsariyildiz',
  title: 'mbsariyildiz',
  source: { name: 'mbsariyildiz/resnet-pytorch', url: 'https://github.com/mbsariyildiz/resnet-pytorch' },
  about:
    'ImageNet’s ResNet-10 to -50 with a 3×3 stem for CIFAR: four stages of 64 to 512 channels, shortcuts without ' +
    'parameters (2×2 average pool, zero-padded channels at the end), a linear layer without bias. The author compares each ' +
    'depth with and without identity mappings on CIFAR-10 and CIFAR-100.',
  reported: {
    columns: ['Top-1 test accuracy'],
    rows: SETS.flatMap(({ set, suffix }) => reportedOn(set, suffix)),
    note: null,
  },
  differences: [
    NO_SWITCH,
    OWN_DRAWS,
    RUNNING_ACCURACY,
    `The bias of ResNet-50’s 1×1 convolutions, each before a batch norm, ${NO_BIAS_GRADIENT}`,
    'The running variance of batch norm starts at 0, as in the author’s code (PyTorch’s default is 1): an evaluation before any training divides by √ε and means nothing; after t steps the start’s share has shrunk to 0.9^t.',
    'CIFAR-10’s standard deviations (0.2023, 0.1994, 0.2010) are the author’s, and widely copied; those of its pixels are 0.247, 0.243 and 0.262.',
  ],
  naming: 'mbsariyildiz',
  presets: SETS.flatMap((on) => MEMBERS.map((member) => preset(member, on))),
}
