import { expect, test } from 'vitest'
import { useTestDevice } from '../../../../testing/node/test-device.ts'
import type { Kernel } from '../../kernel.ts'
import { packChannels, unpackChannels, vectorBytes } from '../../memory/layout.ts'
import { batchMoments, normalise, normaliseGradients } from '../../../reference/batch-norm.ts'
import {
  type BatchNormApplication,
  batchNormApply,
  batchNormInference,
  batchNormInputGradient,
  batchNormParts,
  batchNormPartsBytes,
  batchNormReduce,
  type BatchNormShape,
  batchNormStatistics,
  statisticsBytes,
} from './batch-norm.ts'
import { relativeError } from '../../../../testing/webgpu/relative-error.ts'
import { type Operand, runKernels } from '../../device/run-kernel.ts'
import { sumPartials } from '../optimise/sum-partials.ts'
import { noise } from '../../../../testing/webgpu/test-noise.ts'

const device = useTestDevice()

const EPSILON = 1e-5
const MOMENTUM = 0.1

/** The first `images` of a batch count. */
type Case = { readonly shape: BatchNormShape; readonly images: number }
const CASES: readonly Case[] = [
  { shape: { batch: 1, height: 5, width: 3, channels: 3 }, images: 1 },
  { shape: { batch: 3, height: 7, width: 9, channels: 5 }, images: 2 },
  { shape: { batch: 17, height: 8, width: 8, channels: 16 }, images: 17 },
  { shape: { batch: 3, height: 4, width: 4, channels: 130 }, images: 3 },
  // Fewer pixels count than there are chunks: some are empty.
  { shape: { batch: 17, height: 8, width: 8, channels: 33 }, images: 1 },
]
const named = CASES.map(({ shape, images }) => ({
  name: `${images} of ${shape.batch} images of ${shape.height}×${shape.width}×${shape.channels}`,
  shape,
  images,
}))

const pixelsOf = ({ batch, height, width }: BatchNormShape) => batch * height * width
const pack = (values: Float64Array, channels: number) => packChannels(Float32Array.from(values), channels)
const unpack = (values: Float32Array | undefined, channels: number) =>
  unpackChannels(values ?? new Float32Array(), channels)

function operandsOf(shape: BatchNormShape) {
  const { channels } = shape
  const size = pixelsOf(shape) * channels
  return {
    images: noise(size, 1).map((value, i) => Math.fround(value * (1 + (i % channels)) + 3)),
    residual: noise(size, 2),
    gradient: noise(size, 3),
    scale: noise(channels, 4),
    shift: noise(channels, 5),
    runningMean: noise(channels, 6),
    runningVariance: noise(channels, 7).map((value) => Math.fround(1 + value * value)),
  }
}
type Operands = ReturnType<typeof operandsOf>

function packed(operands: Operands, { channels }: BatchNormShape): Record<string, Operand> {
  const entries = Object.entries(operands).map(([name, values]) => [name, pack(values, channels)] as const)
  return { ...Object.fromEntries(entries), source: pack(operands.images, channels) }
}

function runningOf({ runningMean, runningVariance }: Operands, { channels }: BatchNormShape) {
  return Float32Array.of(...pack(runningMean, channels), ...pack(runningVariance, channels))
}

function forwardOperands(operands: Operands, shape: BatchNormShape): Record<string, Operand> {
  return {
    ...packed(operands, shape),
    moments: batchNormPartsBytes(shape),
    statistics: statisticsBytes(shape),
    // As two of the flat buffer's tensors: the mean, then the variance.
    running: runningOf(operands, shape),
    destination: pack(operands.images, shape.channels).byteLength,
  }
}

const step = (images: number) => ({ images, cropPadding: 0, metricsSlot: 0, learningRate: 0 })
const moments = (shape: BatchNormShape) => ({
  epsilon: EPSILON,
  momentum: MOMENTUM,
  runningMeanOffset: 0,
  runningVarianceOffset: vectorBytes(shape.channels),
})
const forward = (shape: BatchNormShape, application: BatchNormApplication) => [
  batchNormStatistics(shape),
  batchNormApply(shape, application, moments(shape)),
]
const PLAIN = { relu: false, residual: false }

test.each(named)('normalises $name by their own mean and deviation', async (given) => {
  const { shape, images } = given
  const { channels } = shape
  const operands = operandsOf(shape)
  const counted = images * shape.height * shape.width * channels
  const kernels = forward(shape, PLAIN)
  const results = await runKernels(device(), kernels, forwardOperands(operands, shape), step(images))

  const source = operands.images.subarray(0, counted)
  const expected = batchMoments(source, channels)
  const statistics = unpack(results['statistics'], channels)
  expect(relativeError(statistics.subarray(0, channels), expected.mean)).toBeLessThan(1e-5)
  const deviations = expected.variance.map((variance) => 1 / Math.sqrt(variance + EPSILON))
  expect(relativeError(statistics.subarray(channels), deviations)).toBeLessThan(1e-5)

  const output = unpack(results['destination'], channels).subarray(0, counted)
  const normal = normalise(source, expected, operands.scale, operands.shift, EPSILON)
  expect(relativeError(output, normal)).toBeLessThan(1e-5)

  const pixels = counted / channels
  const runningMean = operands.runningMean.map((old, c) => 0.9 * old + 0.1 * (expected.mean[c] ?? 0))
  const runningVariance = operands.runningVariance.map(
    (old, c) => 0.9 * old + (0.1 * (expected.variance[c] ?? 0) * pixels) / (pixels - 1),
  )
  const running = unpack(results['running'], channels)
  expect(relativeError(running.subarray(0, channels), runningMean)).toBeLessThan(1e-5)
  expect(relativeError(running.subarray(channels), runningVariance)).toBeLessThan(1e-5)
})

test.each([
  { mean: 1000, sd: 1 },
  { mean: 10, sd: 0.01 },
])('variance is right to 1e-5 where channels are far from zero: $mean ± $sd', async ({ mean, sd }) => {
  const shape = { batch: 8, height: 16, width: 16, channels: 4 }
  const images = noise(pixelsOf(shape) * 4, 1).map((value) => Math.fround(mean + sd * value))
  const operands = { ...operandsOf(shape), images }
  const kernels = forward(shape, PLAIN)
  const { statistics } = await runKernels(device(), kernels, forwardOperands(operands, shape), step(8))
  const { variance } = batchMoments(images, 4)
  const deviations = variance.map((value) => 1 / Math.sqrt(value + EPSILON))
  expect(relativeError(statistics?.subarray(4), deviations)).toBeLessThan(1e-5)
})

const reluOf = (values: Float64Array) => values.map((value) => Math.max(value, 0))
const sumOf = (a: Float64Array, b: Float64Array) => a.map((value, i) => value + (b[i] ?? 0))

test.each([
  { relu: true, residual: false },
  { relu: false, residual: true },
  { relu: true, residual: true },
])('apply with relu: $relu and residual: $residual does what follows batch norm', async (fused) => {
  const shape = { batch: 3, height: 5, width: 7, channels: 16 }
  const operands = operandsOf(shape)
  const kernels = forward(shape, fused)
  const { destination } = await runKernels(device(), kernels, forwardOperands(operands, shape), step(3))
  const batch = batchMoments(operands.images, shape.channels)
  const normal = normalise(operands.images, batch, operands.scale, operands.shift, EPSILON)
  const added = fused.residual ? sumOf(normal, operands.residual) : normal
  expect(relativeError(destination, fused.relu ? reluOf(added) : added)).toBeLessThan(1e-5)
})

test('inference normalises by the running mean and variance', async () => {
  const shape = { batch: 3, height: 5, width: 7, channels: 5 }
  const operands = operandsOf(shape)
  const kernel = batchNormInference(shape, { relu: true, residual: true }, EPSILON)
  const { destination } = await runKernels(device(), [kernel], forwardOperands(operands, shape))
  const { runningMean, runningVariance, scale, shift, residual } = operands
  const running = { mean: runningMean, variance: runningVariance }
  const normal = normalise(operands.images, running, scale, shift, EPSILON)
  const output = unpack(destination, shape.channels)
  expect(relativeError(output, reluOf(sumOf(normal, residual)))).toBeLessThan(1e-5)
})

test('ReLU behind batch norm lets NaN through, so that a diverged run is seen', async () => {
  const shape = { batch: 1, height: 1, width: 1, channels: 4 }
  const kernel = batchNormInference(shape, { relu: true, residual: false }, EPSILON)
  const operands = { ...forwardOperands(operandsOf(shape), shape), source: 16 }
  const { destination } = await runKernels(device(), [kernel], operands)
  expect(destination).toEqual(new Float32Array(4).fill(Number.NaN))
})

/** The gradients of shift and scale, each a row of `gradients`. */
function sumOfParts(shape: BatchNormShape): Kernel {
  const bytes = vectorBytes(shape.channels)
  const splits = batchNormParts(shape)
  const sums = [0, 1].map((row) => ({
    partialsOffset: row * splits * bytes,
    splits,
    gradientOffset: row * bytes,
    bytes,
  }))
  return rename(sumPartials(sums), 'partials', 'sums')
}

/** The same kernel with another tensor at a binding. */
function rename(kernel: Kernel, from: string, to: string): Kernel {
  const bindings = kernel.bindings.map((binding) =>
    binding.name === from ? { ...binding, name: to } : binding,
  )
  return { ...kernel, bindings }
}

const backward = (shape: BatchNormShape, masked: boolean) => [
  ...forward(shape, PLAIN).map((kernel) => rename(kernel, 'destination', 'normalised')),
  batchNormReduce(shape, { masked }),
  sumOfParts(shape),
  batchNormInputGradient(shape, { masked, keepsMasked: masked, accumulate: false }),
]

function backwardOperands(operands: Operands, shape: BatchNormShape): Record<string, Operand> {
  return {
    ...forwardOperands(operands, shape),
    mask: pack(operands.residual, shape.channels),
    normalised: pack(operands.images, shape.channels).byteLength,
    sums: batchNormPartsBytes(shape),
    gradients: 2 * vectorBytes(shape.channels),
    residualGradient: pack(operands.images, shape.channels).byteLength,
  }
}

test.each(named)('gradients of $name are the float64 ones', async ({ shape, images }) => {
  const { channels } = shape
  const operands = operandsOf(shape)
  const counted = images * shape.height * shape.width * channels
  const results = await runKernels(
    device(),
    backward(shape, false),
    backwardOperands(operands, shape),
    step(images),
  )
  const source = operands.images.subarray(0, counted)
  const gradient = operands.gradient.subarray(0, counted)
  const expected = normaliseGradients(gradient, source, operands.scale, EPSILON)
  const ofParameters = unpack(results['gradients'], channels)
  expect(relativeError(ofParameters.subarray(0, channels), expected.shift)).toBeLessThan(1e-5)
  expect(relativeError(ofParameters.subarray(channels), expected.scale)).toBeLessThan(1e-5)
  const result = unpack(results['destination'], channels)
  expect(relativeError(result.subarray(0, counted), expected.images)).toBeLessThan(1e-5)
  expect(result.subarray(counted).every((value) => value === 0)).toBe(true)
})

test('gradients behind ReLU count where its output is positive, and reach the shortcut as such', async () => {
  const shape = { batch: 3, height: 5, width: 7, channels: 16 }
  const operands = operandsOf(shape)
  const results = await runKernels(
    device(),
    backward(shape, true),
    backwardOperands(operands, shape),
    step(3),
  )
  const masked = operands.gradient.map((value, i) => ((operands.residual[i] ?? 0) > 0 ? value : 0))
  const expected = normaliseGradients(masked, operands.images, operands.scale, EPSILON)
  expect(relativeError(results['residualGradient'], masked)).toBe(0)
  expect(relativeError(results['gradients']?.subarray(16), expected.scale)).toBeLessThan(1e-5)
  expect(relativeError(results['destination'], expected.images)).toBeLessThan(1e-5)
})

test('the gradient of the input adds to what is there', async () => {
  const shape = { batch: 3, height: 5, width: 7, channels: 16 }
  const operands = operandsOf(shape)
  const kernels = [
    ...backward(shape, false).slice(0, -1),
    batchNormInputGradient(shape, { masked: false, keepsMasked: false, accumulate: true }),
  ]
  const { destination } = await runKernels(
    device(),
    kernels,
    { ...backwardOperands(operands, shape), destination: pack(operands.residual, shape.channels) },
    step(3),
  )
  const expected = normaliseGradients(operands.gradient, operands.images, operands.scale, EPSILON)
  expect(relativeError(destination, sumOf(expected.images, operands.residual))).toBeLessThan(1e-5)
})
