import type { DenseShape } from '../webgpu/kernels/dense.ts'

/** x·Wᵀ + b; weights are PyTorch's [out][in]. Without bias, b is empty. */
export function dense(
  input: Float64Array,
  weights: Float64Array,
  bias: Float64Array,
  shape: DenseShape,
): Float64Array {
  const output = Float64Array.from({ length: shape.batch * shape.outChannels }, (_, i) => {
    return bias[i % shape.outChannels] ?? 0
  })
  eachProduct(shape, (i, w, o) => add(output, o, (input[i] ?? 0) * (weights[w] ?? 0)))
  return output
}

export type DenseGradients = {
  readonly input: Float64Array
  readonly weights: Float64Array
  readonly bias: Float64Array
}

/** @param gradient of the output */
export function denseGradients(
  gradient: Float64Array,
  input: Float64Array,
  weights: Float64Array,
  shape: DenseShape,
): DenseGradients {
  const result = {
    input: new Float64Array(input.length),
    weights: new Float64Array(weights.length),
    bias: new Float64Array(shape.outChannels),
  }
  eachProduct(shape, (i, w, o) => {
    add(result.input, i, (gradient[o] ?? 0) * (weights[w] ?? 0))
    add(result.weights, w, (gradient[o] ?? 0) * (input[i] ?? 0))
  })
  for (const [o, value] of gradient.entries()) add(result.bias, o % shape.outChannels, value)
  return result
}

function eachProduct(
  { batch, inChannels, outChannels }: DenseShape,
  visit: (input: number, weight: number, output: number) => void,
): void {
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outChannels; o++) {
      for (let i = 0; i < inChannels; i++) {
        visit(n * inChannels + i, o * inChannels + i, n * outChannels + o)
      }
    }
  }
}

function add(values: Float64Array, index: number, value: number): void {
  values[index] = (values[index] ?? 0) + value
}
