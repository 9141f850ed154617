// The experiments that the page offers before anyone has set up anything, for each kind of device: a depth at which
// identity mappings matter at a glance within the first minute, then one at which they do not.
import { DATA_SETS } from '../../base/data-set.ts'
import type { DeviceInfo } from '../../contract/device-info.ts'
import type { RunConfig } from '../../config/run-config.ts'
import { heNetwork } from '../../presets/he.ts'
import { canonicalText, configOf } from '../../runs/pair.ts'

/** Test accuracies in % after the last epoch, of seeds 1, 2, …: the tables of docs/first-minute.md. */
type Measured = {
  readonly withIdentity: readonly number[]
  readonly withoutIdentity: readonly number[]
}

export type Experiment = {
  /** So many layers that identity mappings matter, or so few that they do not. */
  readonly depth: 'deep' | 'shallow'
  readonly setup: RunConfig
  /** Null where nobody has measured it over seeds. */
  readonly measured: Measured | null
}

export type QuickStart = {
  readonly first: Experiment
  /** What to train next; null where the device is too slow for the first to show anything. */
  readonly second: Experiment | null
}

/** Narrow, so that depth costs little: without identity mappings 44 layers hardly learn, and 8 learn as well as with. */
const DEEP = heNetwork({ n: 7, width: 8 })
const SHALLOW = heNetwork({ n: 1, width: 8 })

const DEEP_ON_A_CPU: RunConfig = {
  version: 3,
  preset: null,
  data: { set: 'builtin', limitTrain: 1_500, limitTest: 500, validation: null },
  network: DEEP,
  optimiser: {
    kind: 'sgd',
    learningRate: 0.1,
    momentum: 0.9,
    nesterov: false,
    weightDecay: 1e-4,
    decays: 'all',
  },
  schedule: { kind: 'one-cycle', rise: 0.3, startDivisor: 25, endDivisor: 1e4 },
  warmup: null,
  budget: { unit: 'epoch', amount: 4 },
  evaluateFirst: false,
  batchSize: 32,
  labelSmoothing: 0,
  activations: 'f32',
  augmentation: { rotation: 0, cropPadding: 0, cropReachesEnd: true, flip: false },
  normalisation: DATA_SETS.builtin.pixels,
  whitening: null,
  seed: 1,
}

/** A graphics card trains more layers in the same time; they need more steps. */
const DEEP_ON_A_GRAPHICS_CARD: RunConfig = {
  ...DEEP_ON_A_CPU,
  network: heNetwork({ n: 9, width: 8 }),
  budget: { unit: 'epoch', amount: 6 },
}

/**
 * Where training is slow: the smallest network of the family that still tells most of the ten classes apart. Trained so
 * in PyTorch it scored 76.8 % with identity and 76.4 % without (means of 5 seeds, the least 75.0 and 72.5; first 200
 * test images), and after two of the three epochs 72.1 and 73.8.
 */
const SMALL: RunConfig = {
  ...DEEP_ON_A_CPU,
  data: { set: 'builtin', limitTrain: 1_500, limitTest: 200, validation: null },
  network: heNetwork({ n: 1, width: 4 }),
  schedule: { kind: 'cosine', unit: 'iteration' },
  warmup: { kind: 'linear', unit: 'iteration', length: 10 },
  budget: { unit: 'epoch', amount: 3 },
  batchSize: 16,
}

/** By name, for scripts/evidence/first-minute.ts. */
export const MEASURED_EXPERIMENTS = {
  deepOnACpu: {
    depth: 'deep',
    setup: DEEP_ON_A_CPU,
    measured: {
      withIdentity: [77.6, 81.4, 77.8, 84.2, 84.8],
      withoutIdentity: [32.8, 11.2, 15.2, 18.4, 24.2],
    },
  },
  shallow: {
    depth: 'shallow',
    setup: { ...DEEP_ON_A_CPU, network: SHALLOW },
    measured: {
      withIdentity: [80.4, 82.0, 82.4, 80.4, 79.2],
      withoutIdentity: [84.4, 83.8, 83.6, 81.0, 81.2],
    },
  },
  deepOnAGraphicsCard: {
    depth: 'deep',
    setup: DEEP_ON_A_GRAPHICS_CARD,
    measured: {
      withIdentity: [88.2, 92.8, 87.2, 89.4, 84.8],
      withoutIdentity: [13.6, 11.0, 11.4, 11.4, 15.6],
    },
  },
} satisfies Record<string, Experiment>

const { deepOnACpu, shallow, deepOnAGraphicsCard } = MEASURED_EXPERIMENTS
const ON_A_CPU: QuickStart = { first: deepOnACpu, second: shallow }
const ON_A_GRAPHICS_CARD: QuickStart = { first: deepOnAGraphicsCard, second: shallow }
const IN_SOFTWARE: QuickStart = { first: { depth: 'shallow', setup: SMALL, measured: null }, second: null }

/** @param info null while the device is still being looked for */
export function quickStart(info: DeviceInfo | null): QuickStart {
  if (info === null || info.engine === 'cpu') return ON_A_CPU
  // TensorFlow.js begins hundreds of small kernels a step, on whatever device.
  return info.engine === 'webgpu' && !info.software ? ON_A_GRAPHICS_CARD : IN_SOFTWARE
}

/** Which of the quick start's experiments a set-up or a run of it is, on whatever seed; null where it is none. */
export function experimentOf({ first, second }: QuickStart, config: RunConfig): Experiment | null {
  const isIt = (experiment: Experiment | null) =>
    experiment !== null && withoutSeed(experiment.setup) === withoutSeed(config)
  return [first, second].find(isIt) ?? null
}

const withoutSeed = (config: RunConfig): string => canonicalText(configOf('a', { ...config, seed: 0 }))
