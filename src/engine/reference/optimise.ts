import type { OptimiserConfig } from '../../config/recipe-config.ts'
import { biasCorrection } from '../optimiser.ts'

/** One parameter, and what the optimiser remembers of it, in the order of `slotNames`. */
export type OptimisedValue = { readonly parameter: number; readonly slots: readonly number[] }

export type StepOfOne = {
  readonly gradient: number
  readonly decay: number
  readonly learningRate: number
  /** 1 for the first. */
  readonly step: number
}

/** One step of one parameter, by the formulas of torch.optim. */
export function optimise(value: OptimisedValue, of: StepOfOne, optimiser: OptimiserConfig): OptimisedValue {
  const { parameter, slots } = value
  const rate = of.learningRate
  const decayed = of.gradient + of.decay * parameter
  const [first = 0, second = 0] = slots
  switch (optimiser.kind) {
    case 'sgd': {
      const { momentum, nesterov } = optimiser
      const velocity = momentum * first + decayed
      const direction = nesterov ? decayed + momentum * velocity : velocity
      return { parameter: parameter - rate * direction, slots: slots.length === 0 ? [] : [velocity] }
    }
    case 'adam':
    case 'adamw': {
      const { beta1, beta2, epsilon } = optimiser
      const isDecoupled = optimiser.kind === 'adamw'
      const gradient = isDecoupled ? of.gradient : decayed
      const shrunk = isDecoupled ? parameter * (1 - rate * of.decay) : parameter
      const mean = beta1 * first + (1 - beta1) * gradient
      const square = beta2 * second + (1 - beta2) * gradient ** 2
      const correction = biasCorrection(optimiser, of.step)
      const direction = (correction.mean * mean) / (Math.sqrt(square) * correction.root + epsilon)
      return { parameter: shrunk - rate * direction, slots: [mean, square] }
    }
    case 'rmsprop': {
      const { alpha, momentum, epsilon } = optimiser
      const square = alpha * first + (1 - alpha) * decayed ** 2
      const direction = decayed / (Math.sqrt(square) + epsilon)
      const velocity = momentum * second + direction
      return { parameter: parameter - rate * velocity, slots: momentum === 0 ? [square] : [square, velocity] }
    }
    case 'adagrad': {
      const sum = first + decayed ** 2
      return { parameter: parameter - (rate * decayed) / (Math.sqrt(sum) + optimiser.epsilon), slots: [sum] }
    }
    default:
      return optimiser satisfies never
  }
}
