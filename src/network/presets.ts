// Published systems, one entry each: the network and the recipe, its source and what its author reports.
import type { RunConfig } from '../contract/run-config.ts'

export type Preset = {
  readonly id: string
  readonly title: string
  readonly source: { readonly name: string; readonly url: string }
  /** What a person should know before picking it; says where we read something into the source. */
  readonly description: string
  /** Top-1 test error in %, as reported by the source, for the network with identity mappings. */
  readonly reportedError: { readonly author: number; readonly paper: number }
  readonly config: RunConfig
}

/** The constants that akamaster's code normalises with (ImageNet's), of value ÷ 255. */
const AKAMASTER_NORMALISATION: RunConfig['normalisation'] = {
  kind: 'channels',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
}

/** Blocks a stage, akamaster's reported error %, the paper's (arXiv:1512.03385, table 6). */
const AKAMASTER = [
  { n: 3, author: 8.27, paper: 8.75 },
  { n: 5, author: 7.37, paper: 7.51 },
  { n: 7, author: 6.9, paper: 7.17 },
  { n: 9, author: 6.61, paper: 6.97 },
  { n: 18, author: 6.32, paper: 6.43 },
] as const

export const PRESETS: readonly Preset[] = AKAMASTER.map(({ n, author, paper }) => {
  const depth = 6 * n + 2
  const id = `akamaster-${depth}`
  return {
    id,
    title: `ResNet-${depth}`,
    source: {
      name: 'akamaster/pytorch_resnet_cifar10',
      url: 'https://github.com/akamaster/pytorch_resnet_cifar10',
    },
    description:
      `The CIFAR-10 ResNet of He et al. (arXiv:1512.03385, section 4.2) with ${depth} weight layers, as akamaster ` +
      'reproduced it: parameter-free shortcuts (every second pixel, zero channels half before and half after), ' +
      '200 epochs at rate 0.1, divided by 10 at epochs 100 and 150, images normalised with ImageNet’s constants.' +
      (n === 18
        ? ' Our reading: the paper’s low rate for the first iterations of ResNet-110 is not part of this recipe yet.'
        : ''),
    reportedError: { author, paper },
    config: {
      version: 1,
      preset: id,
      data: { set: 'cifar10', limitTrain: null, limitTest: null },
      network: { family: 'he', n, width: 16, shortcut: 'subsample-pad', padding: 'centre', identity: true },
      optimiser: {
        kind: 'sgd',
        learningRate: 0.1,
        momentum: 0.9,
        nesterov: false,
        weightDecay: 1e-4,
        decays: 'all',
      },
      schedule: { kind: 'step', unit: 'epoch', milestones: [100, 150], factor: 0.1 },
      budget: { unit: 'epoch', amount: 200 },
      batchSize: 128,
      labelSmoothing: 0,
      augmentation: { rotation: 0, cropPadding: 4, cropReachesEnd: true, flip: true },
      normalisation: AKAMASTER_NORMALISATION,
      whitening: null,
      seed: 1,
    },
  }
})

export function findPreset(id: string): Preset | undefined {
  return PRESETS.find((preset) => preset.id === id)
}
