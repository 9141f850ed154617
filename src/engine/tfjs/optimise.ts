// Optimisers over flat vectors, by the formulas of torch.optim.
import * as tf from '@tensorflow/tfjs'
import type { OptimiserConfig } from '../../config/recipe-config.ts'
import type { Parameter } from '../../network/graph.ts'
import { doesDecay } from '../../config/weight-decay-group.ts'
import { biasCorrection } from '../optimiser.ts'
import type { PackedLayout } from './flat-layout.ts'

export type OptimiserState = {
  readonly parameters: tf.Tensor1D
  /** What the optimiser remembers, in the order of `slotNames`; zeros at first. */
  readonly slots: tf.Tensor1D[]
}

export type OptimiserStep = {
  readonly gradient: tf.Tensor1D
  /** The weight decay of every value; none where nothing decays. */
  readonly decay: tf.Tensor1D | undefined
  readonly learningRate: number
  /** 1 for the first. */
  readonly number: number
}

/** The state after a step, in new tensors; call it in a `tidy`. */
export function optimise(
  state: OptimiserState,
  step: OptimiserStep,
  optimiser: OptimiserConfig,
): OptimiserState {
  const { direction, slots } = directionOf(state, step, optimiser)
  const from =
    optimiser.kind === 'adamw' && step.decay
      ? tf.mul(state.parameters, tf.sub(1, tf.mul(step.decay, step.learningRate)))
      : state.parameters
  return { parameters: tf.sub<tf.Tensor1D>(from, tf.mul(direction, step.learningRate)), slots }
}

type Direction = { readonly direction: tf.Tensor1D; readonly slots: tf.Tensor1D[] }

/** What is subtracted from the parameters, but for the learning rate. */
function directionOf(state: OptimiserState, step: OptimiserStep, optimiser: OptimiserConfig): Direction {
  const { parameters, slots } = state
  const addsDecay = step.decay && optimiser.kind !== 'adamw'
  const gradient = addsDecay
    ? tf.add<tf.Tensor1D>(step.gradient, tf.mul(step.decay, parameters))
    : step.gradient
  switch (optimiser.kind) {
    case 'sgd': {
      const { momentum, nesterov } = optimiser
      if (momentum === 0) return { direction: gradient, slots: [] }
      const velocity = tf.add<tf.Tensor1D>(tf.mul(slot(slots, 0), momentum), gradient)
      const direction = nesterov ? tf.add<tf.Tensor1D>(gradient, tf.mul(velocity, momentum)) : velocity
      return { direction, slots: [velocity] }
    }
    case 'adam':
    case 'adamw': {
      const correction = biasCorrection(optimiser, step.number)
      const mean = average(slot(slots, 0), gradient, optimiser.beta1)
      const square = average(slot(slots, 1), tf.square(gradient), optimiser.beta2)
      const root = tf.add(tf.mul(tf.sqrt(square), correction.root), optimiser.epsilon)
      return { direction: tf.div<tf.Tensor1D>(tf.mul(mean, correction.mean), root), slots: [mean, square] }
    }
    case 'rmsprop': {
      const { alpha, momentum, epsilon } = optimiser
      const square = average(slot(slots, 0), tf.square(gradient), alpha)
      const direction = overRoot(gradient, square, epsilon)
      if (momentum === 0) return { direction, slots: [square] }
      const velocity = tf.add<tf.Tensor1D>(tf.mul(slot(slots, 1), momentum), direction)
      return { direction: velocity, slots: [square, velocity] }
    }
    case 'adagrad': {
      const sum = tf.add<tf.Tensor1D>(slot(slots, 0), tf.square(gradient))
      return { direction: overRoot(gradient, sum, optimiser.epsilon), slots: [sum] }
    }
    default:
      return optimiser satisfies never
  }
}

/** kept · past + (1 − kept) · next */
function average(past: tf.Tensor1D, next: tf.Tensor1D, kept: number): tf.Tensor1D {
  return tf.add(tf.mul(past, kept), tf.mul(next, 1 - kept))
}

function overRoot(gradient: tf.Tensor1D, square: tf.Tensor1D, epsilon: number): tf.Tensor1D {
  return tf.div(gradient, tf.add(tf.sqrt(square), epsilon))
}

function slot(slots: readonly tf.Tensor1D[], index: number): tf.Tensor1D {
  const found = slots[index]
  if (!found) throw new Error(`the optimiser's state lacks slot ${index}`)
  return found
}

/**
 * The weight decay of every value of the flat parameter vector; none where nothing decays.
 * @param layout of `parameters`, in their order
 */
export function decayVector(
  parameters: readonly Parameter[],
  layout: PackedLayout,
  optimiser: OptimiserConfig,
): Float32Array | undefined {
  if (optimiser.weightDecay === 0) return undefined
  const vector = new Float32Array(layout.size)
  for (const [i, { offset, size }] of layout.entries.entries()) {
    const role = parameters[i]?.role
    if (role && doesDecay(role, optimiser.decays)) vector.fill(optimiser.weightDecay, offset, offset + size)
  }
  return vector
}
