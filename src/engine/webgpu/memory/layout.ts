// How tensors lie in GPU memory.
//
// Activations are float32 or float16 [n][h][w][c], c rounded up to a multiple of 4; the channels added hold zeros. They
// stay zero by themselves: their weights, scales and shifts are zeros, so are their gradients, and decaying zero is zero.
// Convolution weights are mat4x4f [tap][in ÷ 4][out ÷ 4], tap = row × kernel + column; column i of a matrix holds the
// weights from input channel i of its four to its four output channels. Linear weights are those of a 1×1 convolution.
// Gradients and optimiser slots lie as their parameters do. Vectors (biases, batch norm) are rounded up to 4 as well.
import type { ActivationFormat } from '../../../base/activation-format.ts'
import type { Shape } from '../../../network/graph.ts'

const LANES = 4
export const FLOAT_BYTES = 4
export const VEC4_BYTES = 16
export const MATRIX_BYTES = 64

export function paddedChannels(channels: number): number {
  return Math.ceil(channels / LANES) * LANES
}

/** How many vec4 (or rows and columns of matrices) hold this many channels. */
export function channelVectors(channels: number): number {
  return Math.ceil(channels / LANES)
}

/** A single pixel is what linear layers and the loss work on: it is small, and stays float32. */
export function formatOf({ height, width }: Shape, activations: ActivationFormat): ActivationFormat {
  return height * width === 1 ? 'f32' : activations
}

const VALUE_BYTES = { f32: FLOAT_BYTES, f16: 2 } as const satisfies Record<ActivationFormat, number>

export function activationBytes(
  batch: number,
  { height, width, channels }: Shape,
  format: ActivationFormat = 'f32',
): number {
  return batch * height * width * paddedChannels(channels) * VALUE_BYTES[format]
}

export type FilterShape = {
  readonly inChannels: number
  readonly outChannels: number
  readonly kernel: 1 | 3
}

export function filterBytes({ inChannels, outChannels, kernel }: FilterShape): number {
  return kernel * kernel * channelVectors(inChannels) * channelVectors(outChannels) * MATRIX_BYTES
}

export function vectorBytes(channels: number): number {
  return paddedChannels(channels) * FLOAT_BYTES
}

/** @param values PyTorch's layout: [out, in, kernel, kernel], or [out, in] for a linear layer (kernel 1) */
export function packFilter(values: Float32Array, shape: FilterShape): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(filterBytes(shape) / FLOAT_BYTES)
  eachWeight(shape, (inPacked, inPyTorch) => {
    packed[inPacked] = values[inPyTorch] ?? 0
  })
  return packed
}

/** The inverse of `packFilter`. */
export function unpackFilter(packed: Float32Array, shape: FilterShape): Float32Array<ArrayBuffer> {
  const values = new Float32Array(shape.inChannels * shape.outChannels * shape.kernel ** 2)
  eachWeight(shape, (inPacked, inPyTorch) => {
    values[inPyTorch] = packed[inPacked] ?? 0
  })
  return values
}

/** Rows of `channels` values, each padded with zeros to a multiple of 4: a vector is one row, an NHWC tensor n·h·w. */
export function packChannels(values: Float32Array, channels: number): Float32Array<ArrayBuffer> {
  const padded = paddedChannels(channels)
  const rows = values.length / channels
  const packed = new Float32Array(rows * padded)
  for (let row = 0; row < rows; row++) {
    packed.set(values.subarray(row * channels, (row + 1) * channels), row * padded)
  }
  return packed
}

/** The inverse of `packChannels`. */
export function unpackChannels(packed: Float32Array, channels: number): Float32Array<ArrayBuffer> {
  const padded = paddedChannels(channels)
  const rows = packed.length / padded
  const values = new Float32Array(rows * channels)
  for (let row = 0; row < rows; row++) {
    values.set(packed.subarray(row * padded, row * padded + channels), row * channels)
  }
  return values
}

function eachWeight(shape: FilterShape, visit: (inPacked: number, inPyTorch: number) => void): void {
  const taps = shape.kernel ** 2
  const rows = channelVectors(shape.inChannels)
  const columns = channelVectors(shape.outChannels)
  for (let output = 0; output < shape.outChannels; output++) {
    for (let input = 0; input < shape.inChannels; input++) {
      for (let tap = 0; tap < taps; tap++) {
        const matrix = (tap * rows + Math.floor(input / LANES)) * columns + Math.floor(output / LANES)
        const inMatrix = (input % LANES) * LANES + (output % LANES)
        visit(matrix * LANES * LANES + inMatrix, (output * shape.inChannels + input) * taps + tap)
      }
    }
  }
}
