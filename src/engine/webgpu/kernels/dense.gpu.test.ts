import { expect, test } from 'vitest'
import { useTestDevice } from '../../../testing/node/test-device.ts'
import {
  filterBytes,
  packChannels,
  packFilter,
  unpackChannels,
  unpackFilter,
  vectorBytes,
} from '../memory/layout.ts'
import { dense, denseGradients } from '../../reference/dense.ts'
import { denseForward, denseInputGradient, type DenseShape, denseWeightGradient } from './dense.ts'
import { relativeError } from '../../../testing/webgpu/relative-error.ts'
import { runKernels } from '../device/run-kernel.ts'
import { noise } from '../../../testing/webgpu/test-noise.ts'

const device = useTestDevice()

const SHAPES = [
  { batch: 1, inChannels: 3, outChannels: 5 },
  { batch: 3, inChannels: 64, outChannels: 10 },
  { batch: 17, inChannels: 33, outChannels: 130 },
]

function operands({ batch, inChannels, outChannels }: DenseShape) {
  const filter = { inChannels, outChannels, kernel: 1 } as const
  const input = noise(batch * inChannels, 1)
  const weights = noise(inChannels * outChannels, 2)
  const bias = noise(outChannels, 3)
  const gradient = noise(batch * outChannels, 4)
  const packed = {
    source: packChannels(Float32Array.from(input), inChannels),
    weights: packFilter(Float32Array.from(weights), filter),
    bias: packChannels(Float32Array.from(bias), outChannels),
    gradient: packChannels(Float32Array.from(gradient), outChannels),
  }
  return { filter, input, weights, bias, gradient, packed }
}

test.each(SHAPES)('dense $inChannels → $outChannels of $batch, forward and backward', async (shape) => {
  const { batch, inChannels, outChannels } = shape
  const { filter, input, weights, bias, gradient, packed } = operands(shape)
  const forward = await runKernels(device(), [denseForward(shape, { bias: true })], {
    ...packed,
    destination: batch * vectorBytes(outChannels),
  })
  const output = unpackChannels(forward['destination'] ?? new Float32Array(), outChannels)
  expect(relativeError(output, dense(input, weights, bias, shape))).toBeLessThan(1e-5)

  const kernels = [denseInputGradient(shape), denseWeightGradient(shape, { bias: true })]
  const backward = await runKernels(device(), kernels, {
    ...packed,
    destination: batch * vectorBytes(inChannels),
    weightGradient: filterBytes(filter),
    biasGradient: vectorBytes(outChannels),
  })
  const expected = denseGradients(gradient, input, weights, shape)
  const { destination, weightGradient, biasGradient } = backward
  if (!destination || !weightGradient || !biasGradient) throw new Error('nothing came back')
  expect(relativeError(unpackChannels(destination, inChannels), expected.input)).toBeLessThan(1e-5)
  expect(relativeError(unpackFilter(weightGradient, filter), expected.weights)).toBeLessThan(1e-5)
  expect(relativeError(unpackChannels(biasGradient, outChannels), expected.bias)).toBeLessThan(1e-5)
  expect(packFilter(unpackFilter(weightGradient, filter), filter)).toEqual(weightGradient)
})

test.each(SHAPES)('dense $inChannels → $outChannels of $batch without bias', async (shape) => {
  const { filter, input, weights, gradient, packed } = operands(shape)
  const without = { bias: false }
  const results = await runKernels(
    device(),
    [denseForward(shape, without), denseWeightGradient(shape, without)],
    {
      ...packed,
      destination: shape.batch * vectorBytes(shape.outChannels),
      weightGradient: filterBytes(filter),
    },
  )
  const { destination, weightGradient } = results
  if (!destination || !weightGradient) throw new Error('nothing came back')
  const output = unpackChannels(destination, shape.outChannels)
  expect(relativeError(output, dense(input, weights, new Float64Array(), shape))).toBeLessThan(1e-5)
  const expected = denseGradients(gradient, input, weights, shape).weights
  expect(relativeError(unpackFilter(weightGradient, filter), expected)).toBeLessThan(1e-5)
})
