// A network's tensors by name, narrowed by rank, so that a wrong layout fails here and by name.
import type * as tf from '@tensorflow/tfjs'

/** Tensors by name, in tfjs's layouts. */
export type NamedTensors = ReadonlyMap<string, tf.Tensor>

/** Of a convolution, [k, k, in, out]. */
export function filter(tensors: NamedTensors, name: string): tf.Tensor4D {
  return named(tensors, name, isRank4)
}

/** Of a linear layer, [in, out]. */
export function matrix(tensors: NamedTensors, name: string): tf.Tensor2D {
  return named(tensors, name, isRank2)
}

export function vector(tensors: NamedTensors, name: string): tf.Tensor1D {
  return named(tensors, name, isRank1)
}

const isRank4 = (tensor: tf.Tensor): tensor is tf.Tensor4D => tensor.rank === 4
const isRank2 = (tensor: tf.Tensor): tensor is tf.Tensor2D => tensor.rank === 2
const isRank1 = (tensor: tf.Tensor): tensor is tf.Tensor1D => tensor.rank === 1

function named<T extends tf.Tensor>(
  tensors: NamedTensors,
  name: string,
  hasRank: (tensor: tf.Tensor) => tensor is T,
): T {
  const tensor = tensors.get(name)
  if (!tensor || !hasRank(tensor)) throw new Error(`${name} is missing or of another rank`)
  return tensor
}
