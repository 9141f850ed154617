// Stochastic gradient descent over flat vectors, by PyTorch's formulas (torch.optim.SGD, dampening 0).
import * as tf from '@tensorflow/tfjs'
import type { OptimiserConfig } from '../../contract/run-config.ts'
import type { Parameter } from '../../network/graph.ts'
import { doesDecay } from '../../network/weight-decay-group.ts'
import type { FlatLayout } from './flat-layout.ts'

export type SgdState = {
  readonly parameters: tf.Tensor1D
  /** None before the first step, and for good without momentum. */
  readonly momentum: tf.Tensor1D | undefined
}

/** g ← g + decay·p; buffer ← μ·buffer + g, on the first step g; with Nesterov g ← g + μ·buffer; p ← p − rate·g. */
export function sgdStep(
  { parameters, momentum }: SgdState,
  gradient: tf.Tensor1D,
  decay: tf.Tensor1D | undefined,
  learningRate: number,
  optimiser: OptimiserConfig,
): SgdState {
  const decayed = decay ? tf.add<tf.Tensor1D>(gradient, tf.mul(decay, parameters)) : gradient
  const buffer = optimiser.momentum === 0 ? undefined : accumulate(momentum, decayed, optimiser.momentum)
  const direction = nextDirection(decayed, buffer, optimiser)
  return { parameters: tf.sub(parameters, tf.mul(direction, learningRate)), momentum: buffer }
}

function accumulate(buffer: tf.Tensor1D | undefined, gradient: tf.Tensor1D, momentum: number): tf.Tensor1D {
  return buffer ? tf.add(tf.mul(buffer, momentum), gradient) : gradient.clone()
}

function nextDirection(
  gradient: tf.Tensor1D,
  buffer: tf.Tensor1D | undefined,
  { momentum, nesterov }: OptimiserConfig,
): tf.Tensor1D {
  if (!buffer) return gradient
  return nesterov ? tf.add(gradient, tf.mul(buffer, momentum)) : buffer
}

/**
 * The weight decay of every value of the flat parameter vector; none where nothing decays.
 * @param layout of `parameters`, in their order
 */
export function decayVector(
  parameters: readonly Parameter[],
  layout: FlatLayout,
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
