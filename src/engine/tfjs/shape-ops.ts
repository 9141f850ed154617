// Subsampling, channel padding and pooling, with their gradients. Tensors are [batch, height, width, channels].
import * as tf from '@tensorflow/tfjs'

type Size4D = [number, number, number, number]

/** x[:, ::2, ::2]: a pool with a window of one pixel, which every backend runs as one gather. */
export function subsample2(x: tf.Tensor4D): tf.Tensor4D {
  return tf.maxPool(x, 1, 2, 'valid')
}

/** @param size of the forward pass's input */
export function subsample2Gradient(dy: tf.Tensor4D, size: Size4D): tf.Tensor4D {
  return avgPoolGradient(dy, size, 1)
}

/** The mean of every 2×2 pixels. */
export function avgPool2(x: tf.Tensor4D): tf.Tensor4D {
  return tf.avgPool(x, 2, 2, 'valid')
}

/** @param size of the forward pass's input */
export function avgPool2Gradient(dy: tf.Tensor4D, size: Size4D): tf.Tensor4D {
  return avgPoolGradient(dy, size, 2)
}

function avgPoolGradient(dy: tf.Tensor4D, size: Size4D, window: number): tf.Tensor4D {
  return tf.tidy(() =>
    tf.engine().runKernel<tf.Tensor4D>(
      tf.AvgPoolGrad,
      // The kernel takes only the shape of `input`.
      { dy, input: tf.zeros(size) },
      { filterSize: window, strides: 2, pad: 'valid' },
    ),
  )
}

const MAX_WINDOW = 4

/** The largest of every 4×4 pixels. */
export function maxPool4(x: tf.Tensor4D): tf.Tensor4D {
  return tf.maxPool(x, MAX_WINDOW, MAX_WINDOW, 'valid')
}

/**
 * To the first of a window's largest pixels, as in PyTorch; tfjs's own gradient differs between its backends there.
 * @param x the input of the forward pass
 */
export function maxPool4Gradient(x: tf.Tensor4D, dy: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = x.shape
  return tf.tidy(() => {
    const pixels = windowsOf(x, dy)
    const largest = tf.cast(tf.equal(pixels, tf.max(pixels, 1, true)), 'float32')
    const first = tf.mul(largest, tf.equal(tf.cumsum(largest, 1, true), 0))
    const gradient = imagesOf(tf.mul(first, dy.reshape([dy.size, 1])), dy)
    const after = (axis: 1 | 2, side: number): [number, number] => [0, side - gradient.shape[axis]]
    return tf.pad(gradient, [[0, 0], after(1, height), after(2, width), [0, 0]])
  })
}

/** One row for each value that the pool `pooled` gives of `x`: its window's pixels, row by row. */
function windowsOf(x: tf.Tensor4D, pooled: tf.Tensor4D): tf.Tensor2D {
  const [batch, rows, columns, channels] = pooled.shape
  const whole = tf.slice(x, [0, 0, 0, 0], [batch, rows * MAX_WINDOW, columns * MAX_WINDOW, channels])
  return tf
    .transpose(whole.reshape([batch, rows, MAX_WINDOW, columns, MAX_WINDOW, channels]), [0, 1, 3, 5, 2, 4])
    .reshape([pooled.size, MAX_WINDOW ** 2])
}

/** The inverse of `windowsOf`, without the pixels that fill no window. */
function imagesOf(windows: tf.Tensor, pooled: tf.Tensor4D): tf.Tensor4D {
  const [batch, rows, columns, channels] = pooled.shape
  return tf
    .transpose(windows.reshape([batch, rows, columns, channels, MAX_WINDOW, MAX_WINDOW]), [0, 1, 4, 2, 5, 3])
    .reshape([batch, rows * MAX_WINDOW, columns * MAX_WINDOW, channels])
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
