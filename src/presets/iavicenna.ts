// iavicenna/Residual-Network-Pytorch (Sina Tureli), CIFAR-10.
import type { NetworkConfig } from '../network/network-config.ts'
import type { Preset, ReportedRow, System } from './system.ts'
import { NO_SWITCH, OWN_DRAWS, RECIPE_BASE, RUNNING_ACCURACY } from './system.ts'

/** @param extra blocks of each stage after its transition @param width channels of the stem */
function iavicennaNetwork(extra: readonly number[], width: number): NetworkConfig {
  return {
    stem: { channels: width, dropout: 0 },
    stages: extra.map((blocks, i) => ({ blocks: blocks + 1, channels: width * 2 ** (i + 1) })),
    block: { kind: 'transition' },
    shortcut: { kind: 'conv1x1' },
    convolutionBias: 'none',
    head: { pool: 'average', bias: true },
    initialisation: {
      weights: 'kaiming-normal-fan-out',
      linear: 'as-convolutions',
      linearBias: 'zero',
      scale: 'one',
      runningVariance: 1,
    },
    identity: true,
  }
}

const MEMBERS = [
  { id: 'iavicenna-14', title: '14 layers', extra: [1, 1, 1], width: 16 },
  { id: 'iavicenna-18', title: '18 layers', extra: [1, 2, 2], width: 16 },
  { id: 'iavicenna-32', title: '32 layers', extra: [4, 4, 4], width: 16 },
  { id: 'iavicenna-14-wide', title: '14 layers, wide', extra: [1, 1, 1], width: 32 },
  { id: 'iavicenna-18-wide', title: '18 layers, wide', extra: [1, 2, 2], width: 32 },
] as const

const NOTES: Readonly<Record<string, string>> = {
  'iavicenna-18':
    'The author’s text reports 18 layers but gives no list of blocks; 1, 2 and 2 extra blocks per stage are our interpretation.',
  'iavicenna-18-wide':
    'The author’s text reports 18 layers but gives no list of blocks; 1, 2 and 2 extra blocks per stage are our interpretation.',
  'iavicenna-32':
    'Four extra blocks per stage: our interpretation, and the only even one with 32 weight layers.',
}

function preset({ id, title, extra, width }: (typeof MEMBERS)[number]): Preset {
  return {
    id,
    title,
    note: NOTES[id] ?? null,
    config: {
      ...RECIPE_BASE,
      preset: id,
      network: iavicennaNetwork(extra, width),
      optimiser: {
        kind: 'sgd',
        learningRate: 0.1,
        momentum: 0.9,
        nesterov: true,
        weightDecay: 5e-4,
        decays: 'all-but-biases',
      },
      schedule: { kind: 'step', unit: 'epoch', milestones: [60, 120, 160], factor: 0.2 },
      budget: { unit: 'epoch', amount: 300 },
      evaluateFirst: true,
      batchSize: 256,
      augmentation: { ...RECIPE_BASE.augmentation, rotation: 5 },
      normalisation: { kind: 'training-channels' },
      whitening: null,
    },
  }
}

function row(
  id: string,
  identity: boolean,
  testAccuracy: number,
  trainAccuracy: string,
  trainLoss: string,
): ReportedRow {
  return {
    preset: id,
    identity,
    testAccuracy,
    cells: [`${testAccuracy.toFixed(2)} %`, `${trainAccuracy} %`, trainLoss],
  }
}

export const IAVICENNA: System = {
  id: 'iavicenna',
  title: 'iavicenna',
  source: {
    name: 'iavicenna/Residual-Network-Pytorch',
    url: 'https://github.com/iavicenna/Residual-Network-Pytorch',
  },
  about:
    'Each of three stages begins with a transition block, whose shortcut is a 1×1 convolution without batch norm, and ' +
    'continues with blocks that normalise once more after the addition. Trained with Nesterov momentum for ' +
    '300 epochs on rotated, mirrored and shifted images; the author compares runs with and without identity mappings.',
  reported: {
    columns: ['Best test accuracy', 'Training accuracy', 'Training loss'],
    rows: [
      row('iavicenna-18', true, 93.21, '99.82', '0.01380'),
      row('iavicenna-18-wide', true, 94.03, '99.97', '0.00475'),
      row('iavicenna-32', true, 94.73, '99.952', '0.00385'),
      row('iavicenna-18', false, 92.63, '98.942', '0.04020'),
      row('iavicenna-32', false, 92.87, '99.498', '0.01779'),
      row('iavicenna-18-wide', false, 93.34, '99.796', '0.01320'),
    ],
    note:
      'Maxima over the epochs. By the author’s plots the runs with identity go on to about epoch 282 to 300, and those without ' +
      'end at about 141 to 159, before the last decay at 160. “18 layers” may be the code’s default of one extra block per ' +
      'stage, which its header calls ResNet-18.',
  },
  differences: [
    NO_SWITCH,
    OWN_DRAWS,
    RUNNING_ACCURACY,
    'In a block after the transition, the author’s code computes batch norm and ReLU of the input, and then overwrites them by the convolution of the input itself: that batch norm gets no gradient and no decay, and only its running statistics follow. So do the presets. What the author evidently meant can be chosen under Architecture as “Transition, pre-activated (ours)”.',
    'The source has no block lists for 18 and 32 layers: [1, 2, 2] and [4, 4, 4] extra blocks are our interpretation; 32 layers leave no other even choice.',
    'The author’s other schedule, rate × e^(−0.01 · epoch), can be chosen under Learning-rate schedule; the presets use the steps.',
  ],
  naming: 'iavicenna',
  presets: MEMBERS.map(preset),
}
