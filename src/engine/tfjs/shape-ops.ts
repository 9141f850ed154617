// Subsampling, channel padding and pooling, with their gradients. Tensors are [batch, height, width, channels].
import * as tf from '@tensorflow/tfjs'

type Size4D = [number, number, number, number]

/** x[:, ::2, ::2]: a pool with a window of one pixel, which every backend runs as one gather. */
export function subsample2(x: tf.Tensor4D): tf.Tensor4D {
  return tf.maxPool(x, 1, 2, 'valid')
}

/** @param size of the forward pass's input */
export function subsample2Gradient(dy: tf.Tensor4D, size: Size4D): tf.Tensor4D {
  return tf.tidy(() =>
    tf.engine().runKernel<tf.Tensor4D>(
      tf.AvgPoolGrad,
      // The kernel takes only the shape of `input`.
      { dy, input: tf.zeros(size) },
      { filterSize: 1, strides: 2, pad: 'valid' },
    ),
  )
}

export function padChannels(x: tf.Tensor4D, before: number, after: number): tf.Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [0, 0],
    [0, 0],
    [before, after],
  ])
}

/** @param channels of the forward pass's input */
export function padChannelsGradient(dy: tf.Tensor4D, before: number, channels: number): tf.Tensor4D {
  const [batch, height, width] = dy.shape
  return tf.slice(dy, [0, 0, 0, before], [batch, height, width, channels])
}

export function globalAvgPool(x: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = x.shape
  return tf.avgPool(x, [height, width], 1, 'valid')
}

/** Tiled on the device; tfjs's own gradient of a mean fills an array of ones in JavaScript and uploads it. */
export function globalAvgPoolGradient(dy: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  return tf.tidy(() => tf.tile(tf.div(dy, height * width), [1, height, width, 1]))
}
