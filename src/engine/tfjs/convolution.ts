// A convolution and its two gradients, each in the stock formulation that its backend runs best.
import * as tf from '@tensorflow/tfjs'
import type { BackendName } from './backends.ts'
import { subsample2 } from './shape-ops.ts'

type Stride = 1 | 2

/** Padding is (kernel − 1) / 2 on every side. x: [batch, height, width, in]; filter: [k, k, in, out]. */
export type Convolutions = {
  forward(x: tf.Tensor4D, filter: tf.Tensor4D, stride: Stride): tf.Tensor4D
  inputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, x: Size4D, stride: Stride): tf.Tensor4D
  filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, filter: Size4D, stride: Stride): tf.Tensor4D
}
type Size4D = [number, number, number, number]

export function convolutionsFor(backend: BackendName, software: boolean): Convolutions {
  if (backend === 'cpu') return { ...STOCK, filterGradient: filterGradientByConvolution }
  if (backend === 'webgpu' && software) return { ...STOCK, forward: forwardByInputGradient }
  return STOCK
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
 * With stride 1 a convolution is the input gradient of its mirrored, transposed filter. tfjs's WebGPU kernel for that
 * one uses no workgroup memory, whose barriers cost a software adapter most of its time. CPU time of a batch of 16
 * (Dawn in Node, two cores), stock → this: 32×32×4 on lavapipe 54 → 31 ms, on SwiftShader 1,200 → 590 ms; 32×32×16 on
 * lavapipe 190 → 105 ms, 16×16×16 on SwiftShader 540 → 215 ms. From 32 channels on stock wins (lavapipe 60 → 76 ms).
 */
function forwardByInputGradient(x: tf.Tensor4D, filter: tf.Tensor4D, stride: Stride): tf.Tensor4D {
  if (stride !== 1 || filter.shape[2] > 16) return STOCK.forward(x, filter, stride)
  const [batch, height, width] = x.shape
  return tf.tidy(() => {
    const mirrored = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2])
    return STOCK.inputGradient(x, mirrored, [batch, height, width, filter.shape[3]], 1)
  })
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
    // What dy does not reach of the padding (the far side, with stride 2 and an even side) is left out.
    const before = paddingOf(filter)
    const after = (axis: 1 | 2) => (dy.shape[axis] - 1) * stride + filter[0] - x.shape[axis] - before
    const rows: [number, number] = [before, after(1)]
    const columns: [number, number] = [before, after(2)]
    const swapped = tf.conv2d(
      channelsAsImages,
      dyAsFilter,
      1,
      [[0, 0], rows, columns, [0, 0]],
      'NHWC',
      stride,
    )
    return tf.transpose(swapped, [1, 2, 0, 3])
  })
}

function paddingOf(filter: Size4D): number {
  return (filter[0] - 1) / 2
}
