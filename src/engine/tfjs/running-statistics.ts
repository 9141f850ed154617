// Batch norm's running mean and variance, all of a network's in one flat vector.
import * as tf from '@tensorflow/tfjs'
import type { Graph, NodeId } from '../../network/graph.ts'
import type { Moments } from './batch-norm.ts'
import { concatenate } from './device-state.ts'
import type { PackedLayout } from './flat-layout.ts'

/** For every value of the flat vector, how far it moves towards the batch's in a step. */
export function statisticRates(graph: Graph, layout: PackedLayout): Float32Array {
  const rates = new Map<string, number>()
  for (const node of graph.nodes) {
    if (node.op !== 'batchNorm') continue
    rates.set(node.attrs.mean, node.attrs.momentum)
    rates.set(node.attrs.variance, node.attrs.momentum)
  }
  const flat = new Float32Array(layout.size)
  for (const { name, offset, size } of layout.entries) flat.fill(rates.get(name) ?? 0, offset, offset + size)
  return flat
}

/**
 * running ← running + rate · (batch − running), where the batch's variance is the unbiased one, as in PyTorch.
 * @param moments of each batch norm, by node
 * @param batch images in the batch
 */
export function nextStatistics(
  graph: Graph,
  layout: PackedLayout,
  running: tf.Tensor1D,
  rates: tf.Tensor1D,
  moments: ReadonlyMap<NodeId, Moments>,
  batch: number,
): tf.Tensor1D {
  const measured = new Map<string, tf.Tensor>()
  for (const node of graph.nodes) {
    const measurement = moments.get(node.id)
    if (node.op !== 'batchNorm' || !measurement) continue
    const count = batch * node.shape.height * node.shape.width
    measured.set(node.attrs.mean, measurement.mean)
    measured.set(node.attrs.variance, tf.mul(measurement.variance, count / (count - 1)))
  }
  return tf.add(running, tf.mul(rates, tf.sub(concatenate(layout, measured), running)))
}
