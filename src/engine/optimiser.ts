// What both engines know of an optimiser besides its arithmetic.
import type { OptimiserConfig } from '../config/recipe-config.ts'

/** What it remembers of every parameter, by PyTorch's names (SGD's `momentum_buffer` is `momentum`); zeros at first. */
export function slotNames(optimiser: OptimiserConfig): readonly string[] {
  switch (optimiser.kind) {
    case 'sgd':
      return optimiser.momentum === 0 ? [] : ['momentum']
    case 'adam':
    case 'adamw':
      return ['exp_avg', 'exp_avg_sq']
    case 'rmsprop':
      return optimiser.momentum === 0 ? ['square_avg'] : ['square_avg', 'momentum']
    case 'adagrad':
      return ['sum']
    default:
      return optimiser satisfies never
  }
}

/** Adam's correction for averages that begin as zeros (arXiv:1412.6980, section 3). */
export type BiasCorrection = {
  /** 1 ÷ (1 − β₁ᵗ), for the mean gradient. */
  readonly mean: number
  /** 1 ÷ √(1 − β₂ᵗ), for the root of the mean squared gradient. */
  readonly root: number
}

/** @param step 1 for the first; in float64, because 1 − 0.999 keeps four digits in float32. Both 1 where there is no Adam. */
export function biasCorrection(optimiser: OptimiserConfig, step: number): BiasCorrection {
  if (optimiser.kind !== 'adam' && optimiser.kind !== 'adamw') return { mean: 1, root: 1 }
  return {
    mean: 1 / (1 - optimiser.beta1 ** step),
    root: 1 / Math.sqrt(1 - optimiser.beta2 ** step),
  }
}
