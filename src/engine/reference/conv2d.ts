// Convolution in float64 by its definition: the mark that the kernels are tested against.
// Images are [n][h][w][c] without padding of channels; filters are PyTorch's [out][in][row][column].
import type { ConvShape } from '../webgpu/kernels/convolution/conv-shape.ts'
import { outputSide } from '../webgpu/kernels/convolution/conv-shape.ts'

/** @param bias one value an output channel; zeros where absent */
export function conv2d(
  input: Float64Array,
  filter: Float64Array,
  shape: ConvShape,
  bias?: Float64Array,
): Float64Array {
  const output = Float64Array.from(
    { length: outputSize(shape) },
    (_, o) => bias?.[o % shape.outChannels] ?? 0,
  )
  eachProduct(shape, (i, w, o) => {
    output[o] = at(output, o) + at(input, i) * at(filter, w)
  })
  return output
}

/** @param gradient of the output */
export function conv2dInputGradient(
  gradient: Float64Array,
  filter: Float64Array,
  shape: ConvShape,
): Float64Array {
  const result = new Float64Array(shape.batch * shape.height * shape.width * shape.inChannels)
  eachProduct(shape, (i, w, o) => {
    result[i] = at(result, i) + at(gradient, o) * at(filter, w)
  })
  return result
}

/** @param gradient of the output */
export function conv2dFilterGradient(
  input: Float64Array,
  gradient: Float64Array,
  shape: ConvShape,
): Float64Array {
  const result = new Float64Array(shape.outChannels * shape.inChannels * shape.kernel ** 2)
  eachProduct(shape, (i, w, o) => {
    result[w] = at(result, w) + at(input, i) * at(gradient, o)
  })
  return result
}

function outputSize({ batch, height, width, stride, outChannels }: ConvShape): number {
  return batch * outputSide(height, stride) * outputSide(width, stride) * outChannels
}

/** Visits every product of the sum that a convolution is: indices of the input, the weight and the output. */
function eachProduct(shape: ConvShape, visit: (input: number, weight: number, output: number) => void): void {
  const { batch, height, width, stride, kernel, inChannels, outChannels } = shape
  const outHeight = outputSide(height, stride)
  const outWidth = outputSide(width, stride)
  const padding = (kernel - 1) / 2
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        const output = ((n * outHeight + oy) * outWidth + ox) * outChannels
        for (let tap = 0; tap < kernel ** 2; tap++) {
          const y = oy * stride + Math.floor(tap / kernel) - padding
          const x = ox * stride + (tap % kernel) - padding
          if (y < 0 || y >= height || x < 0 || x >= width) continue
          const input = ((n * height + y) * width + x) * inChannels
          for (let i = 0; i < inChannels; i++) {
            for (let o = 0; o < outChannels; o++) {
              visit(input + i, (o * inChannels + i) * kernel ** 2 + tap, output + o)
            }
          }
        }
      }
    }
  }
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0
}
