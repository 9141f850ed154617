import * as tf from '@tensorflow/tfjs'
import type { GraphNode } from '../../network/graph.ts'
import { dropoutFactors } from '../dropout.ts'

type Dropout2d = Extract<GraphNode, { op: 'dropout2d' }>

/** The factor of each channel of each image in one step, [batch, 1, 1, channels]; the same whenever it is asked for. */
export type DropoutMasks = (node: Dropout2d, batch: number) => tf.Tensor4D

/** @param step steps taken before this one */
export function dropoutMasks(seed: number, step: number): DropoutMasks {
  return ({ attrs, shape: { channels } }, batch) =>
    tf.tensor4d(dropoutFactors({ seed, step, ...attrs }, batch, channels), [batch, 1, 1, channels])
}
