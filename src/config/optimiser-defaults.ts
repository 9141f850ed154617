import type { OptimiserConfig, OptimiserKind } from './recipe-config.ts'

const DECAY = { weightDecay: 0, decays: 'all' } as const
const ADAM = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const

/** PyTorch's defaults; for SGD, which has none that trains a ResNet, those of He et al. (arXiv:1512.03385, section 4.2). */
export const OPTIMISER_DEFAULTS: { readonly [Kind in OptimiserKind]: OptimiserConfig & { kind: Kind } } = {
  sgd: {
    kind: 'sgd',
    learningRate: 0.1,
    momentum: 0.9,
    nesterov: false,
    weightDecay: 1e-4,
    decays: 'all',
  },
  adam: { kind: 'adam', ...ADAM, ...DECAY },
  adamw: { kind: 'adamw', ...ADAM, ...DECAY, weightDecay: 0.01 },
  rmsprop: { kind: 'rmsprop', learningRate: 0.01, alpha: 0.99, momentum: 0, epsilon: 1e-8, ...DECAY },
  adagrad: { kind: 'adagrad', learningRate: 0.01, epsilon: 1e-10, ...DECAY },
}
