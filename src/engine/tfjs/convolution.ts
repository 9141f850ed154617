// A convolution and its two gradients, each in the stock formulation that its backend runs best.
import * as tf from '@tensorflow/tfjs'
import type { DeviceInfo } from '../../contract/device-info.ts'
import { subsample2 } from './shape-ops.ts'

type Stride = 1 | 2

/** Padding is (kernel − 1) / 2 on every side. x: [batch, height, width, in]; filter: [k, k, in, out]. */
export type Convolutions = {
  forward(x: tf.Tensor4D, filter: tf.Tensor4D, stride: Stride): tf.Tensor4D
  inputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, x: Size4D, stride: Stride): tf.Tensor4D
  filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, filter: Size4D, stride: Stride): tf.Tensor4D
}
type Size4D = [number, number, number, number]

export function convolutionsFor(backend: DeviceInfo['backend']): Convolutions {
  return backend === 'cpu' ? { ...STOCK, filterGradient: filterGradientByConvolution } : STOCK
}

const STOCK: Convolutions = {
  forward: (x, filter, stride) => tf.conv2d(x, filter, stride, paddingOf(filter.shape)),

  inputGradient: (dy, filter, x, stride) =>
    tf
      .engine()
      .runKernel<tf.Tensor4D>(
        tf.Conv2DBackpropInput,
        { dy, filter },
        { inputShape: x, strides: stride, pad: paddingOf(filter.shape), dataFormat: 'NHWC' },
      ),

  filterGradient: (x, dy, filter, stride) =>
    tf
      .engine()
      .runKernel<tf.Tensor4D>(
        tf.Conv2DBackpropFilter,
        { x, dy },
        { filterShape: filter, strides: stride, pad: paddingOf(filter), dataFormat: 'NHWC' },
      ),
}

/**
 * The filter's gradient as a convolution with the roles swapped: channels are the images, images the channels, and
 * dy is the filter, dilated by the stride.
 */
function filterGradientByConvolution(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  filter: Size4D,
  stride: Stride,
): tf.Tensor4D {
  return tf.tidy(() => {
    // A 1×1 filter with stride 2 sees the subsampled image only.
    if (filter[0] === 1 && stride === 2) return filterGradientByConvolution(subsample2(x), dy, filter, 1)
    const channelsAsImages = tf.transpose(x, [3, 1, 2, 0])
    const dyAsFilter = tf.transpose(dy, [1, 2, 0, 3])
    const before = paddingOf(filter)
    // With stride 2 and an even side, the last row and column of padding are never read.
    const after = before - (stride - 1)
    const sides: [number, number] = [before, after]
    const swapped = tf.conv2d(channelsAsImages, dyAsFilter, 1, [[0, 0], sides, sides, [0, 0]], 'NHWC', stride)
    return tf.transpose(swapped, [1, 2, 0, 3])
  })
}

function paddingOf(filter: Size4D): number {
  return (filter[0] - 1) / 2
}
