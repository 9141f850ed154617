import type { RunConfig } from '../../config/run-config.ts'
import { heNetwork } from '../../presets/he.ts'

/** 8 layers of 2 channels on the built-in images, two epochs of SGD at a constant rate; tests change what they are about. */
export const SMALL_CONFIG: RunConfig = {
  version: 3,
  preset: null,
  data: { set: 'builtin', limitTrain: 12, limitTest: 6, validation: null },
  network: heNetwork({ n: 1, width: 2 }),
  optimiser: {
    kind: 'sgd',
    learningRate: 0.05,
    momentum: 0.9,
    nesterov: false,
    weightDecay: 1e-4,
    decays: 'all',
  },
  schedule: { kind: 'constant' },
  warmup: null,
  budget: { unit: 'epoch', amount: 2 },
  evaluateFirst: false,
  batchSize: 4,
  labelSmoothing: 0,
  activations: 'f32',
  whitening: null,
  augmentation: { rotation: 0, cropPadding: 4, cropReachesEnd: true, flip: true },
  normalisation: { kind: 'channels', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  seed: 1,
}
