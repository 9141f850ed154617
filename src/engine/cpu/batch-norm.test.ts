// Batch norm in all its forms against float64: forward, backward, masked, with a residual, adding to another gradient.
import { describe, expect, test } from 'vitest'
import { nodeCpuHost } from '../../cli/device/node-cpu-host.ts'
import { createGraphBuilder } from '../../network/graph-builder.ts'
import { createProgramBuilder } from '../compiler/program.ts'
import { batchMoments, normalise, normaliseGradients } from '../reference/batch-norm.ts'
import { relativeError } from '../../testing/webgpu/relative-error.ts'
import { meanRounding } from '../../testing/suites/parity.ts'
import { noise } from '../../testing/webgpu/test-noise.ts'
import { compileModules } from '../../testing/cpu-engine/compile-modules.ts'
import { runProgram } from '../../testing/cpu-engine/run-program.ts'

const MODULES = await compileModules(nodeCpuHost)
const LIMIT = 1e-5
const EPSILON = 1e-5
const MOMENTUM = 0.1

type Case = {
  readonly batch: number
  /** Those that count. */
  readonly images: number
  readonly height: number
  readonly width: number
  readonly channels: number
}

const CASES: readonly Case[] = [
  { batch: 1, images: 1, height: 5, width: 3, channels: 3 },
  { batch: 3, images: 2, height: 7, width: 9, channels: 5 },
  { batch: 17, images: 17, height: 8, width: 8, channels: 16 },
  { batch: 3, images: 3, height: 5, width: 11, channels: 130 },
  { batch: 17, images: 1, height: 3, width: 3, channels: 33 },
  { batch: 40, images: 23, height: 3, width: 2, channels: 12 },
  { batch: 5, images: 5, height: 1, width: 1, channels: 9 },
]

function operandsOf({ images, height, width, channels }: Case, mean = 3) {
  const size = images * height * width * channels
  return {
    x: noise(size, 1).map((value, i) => Math.fround(value * (1 + (i % channels)) + mean)),
    residual: noise(size, 2),
    dy: noise(size, 3),
    mask: noise(size, 4),
    addend: noise(size, 5),
    scale: noise(channels, 6),
    shift: noise(channels, 7),
    runningMean: noise(channels, 8),
    runningVariance: noise(channels, 9).map((value) => Math.fround(1 + value * value)),
  }
}
type Operands = ReturnType<typeof operandsOf>

function setUp({ height, width, channels }: Case, operands: Operands) {
  const shape = { height, width, channels }
  const graphs = createGraphBuilder(shape)
  const at = graphs.batchNorm(graphs.relu(graphs.input), 'norm')
  const graph = graphs.finish(graphs.dense(graphs.globalAvgPool(at), 'head', 10))
  const builder = createProgramBuilder()
  return {
    builder,
    graph,
    image: (label: string) => builder.images(shape, label),
    vector: (label: string) => builder.channels(shape, label),
    affine: { scale: 'norm.weight', shift: 'norm.bias' },
    running: { mean: 'norm.running_mean', variance: 'norm.running_var', epsilon: EPSILON },
    parameters: { 'norm.weight': operands.scale, 'norm.bias': operands.shift },
    statistics: {
      'norm.running_mean': operands.runningMean,
      'norm.running_var': operands.runningVariance,
    },
  }
}

const positive = (value: number) => Math.max(value, 0)
const sumOf = (a: Float64Array, b: Float64Array) => a.map((value, i) => value + (b[i] ?? 0))
const maskedBy = (dy: Float64Array, mask: Float64Array) =>
  dy.map((value, i) => ((mask[i] ?? 0) > 0 ? value : 0))

type Form = { readonly residual: boolean; readonly relu: boolean }
const FORMS: readonly Form[] = [
  { residual: false, relu: false },
  { residual: false, relu: true },
  { residual: true, relu: true },
]

async function train(module: WebAssembly.Module, shape: Case, operands: Operands, { residual, relu }: Form) {
  const { builder, image, vector, affine, running, ...rest } = setUp(shape, operands)
  const [x, y, added] = [image('x'), image('y'), image('residual')]
  const [moments, statistics] = [vector('moments'), vector('statistics')]
  builder.emit({ op: 'batchNormStatistics', reads: { x }, writes: { moments } })
  builder.emit({
    op: 'batchNormApply',
    reads: { x, moments, ...(residual && { residual: added }) },
    writes: { y, statistics },
    ...affine,
    ...running,
    momentum: MOMENTUM,
    relu,
  })
  const inputs = new Map<number, Float64Array>([[x, operands.x]])
  if (residual) inputs.set(added, operands.residual)
  const { batch, images } = shape
  const program = builder.finish()
  const result = await runProgram(module, { ...rest, program, batch, images, inputs, outputs: [y] })
  return { y: result.value(y), beyond: result.beyond(y), running: result.state.statistics }
}

function normalised({ channels }: Case, operands: Operands, { residual, relu }: Form): Float64Array {
  const { x, scale, shift } = operands
  const y = normalise(x, batchMoments(x, channels), scale, shift, EPSILON)
  const summed = residual ? sumOf(y, operands.residual) : y
  return relu ? summed.map(positive) : summed
}

describe.each(CASES)('$images of $batch images of $height×$width×$channels', (shape) => {
  const operands = operandsOf(shape)
  const { channels } = shape

  test.each(MODULES)('are normalised by their own moments: %s', async (_, module) => {
    for (const form of FORMS) {
      const { y, beyond } = await train(module, shape, operands, form)
      expect(relativeError(y, normalised(shape, operands, form))).toBeLessThan(LIMIT)
      expect(beyond.every(Number.isNaN)).toBe(true)
    }
  })

  test.each(MODULES)('move the running statistics by a tenth: %s', async (_, module) => {
    const { mean, variance } = batchMoments(operands.x, channels)
    const pixels = operands.x.length / channels
    const moved = (running: Float64Array, values: Float64Array) =>
      running.map((value, c) => (1 - MOMENTUM) * value + MOMENTUM * (values[c] ?? 0))
    const unbiased = variance.map((value) => (value * pixels) / Math.max(pixels - 1, 1))
    const { running } = await train(module, shape, operands, { residual: false, relu: false })
    expect(relativeError(running['norm.running_mean'], moved(operands.runningMean, mean))).toBeLessThan(LIMIT)
    expect(
      relativeError(running['norm.running_var'], moved(operands.runningVariance, unbiased)),
    ).toBeLessThan(LIMIT)
  })

  test.each(MODULES)('are normalised by the running moments in evaluation: %s', async (_, module) => {
    for (const { residual, relu } of FORMS) {
      const { builder, image, affine, running, ...rest } = setUp(shape, operands)
      const [x, y, added] = [image('x'), image('y'), image('residual')]
      const reads = { x, ...(residual && { residual: added }) }
      builder.emit({ op: 'batchNormInference', reads, writes: { y }, ...affine, ...running, relu })
      const inputs = new Map<number, Float64Array>([[x, operands.x]])
      if (residual) inputs.set(added, operands.residual)
      const { batch, images } = shape
      const program = builder.finish()
      const result = await runProgram(module, { ...rest, program, batch, images, inputs, outputs: [y] })
      const moments = { mean: operands.runningMean, variance: operands.runningVariance }
      const plain = normalise(operands.x, moments, operands.scale, operands.shift, EPSILON)
      const summed = residual ? sumOf(plain, operands.residual) : plain
      expect(relativeError(result.value(y), relu ? summed.map(positive) : summed)).toBeLessThan(LIMIT)
      expect(result.state.statistics['norm.running_mean']).toEqual(Float32Array.from(operands.runningMean))
    }
  })

  describe.each([
    { masked: false, keepsMasked: false, accumulates: false },
    { masked: false, keepsMasked: false, accumulates: true },
    { masked: true, keepsMasked: false, accumulates: false },
    { masked: true, keepsMasked: true, accumulates: false },
  ])('backward, masked: $masked, mask kept: $keepsMasked, added: $accumulates,', (form) => {
    test.each(MODULES)('have the float64 gradients: %s', async (_, module) => {
      const found = await differentiate(module, shape, operands, form)
      const dy = form.masked ? maskedBy(operands.dy, operands.mask) : operands.dy
      const expected = normaliseGradients(dy, operands.x, operands.scale, EPSILON)
      const dx = form.accumulates ? sumOf(expected.images, operands.addend) : expected.images
      // Of a single pixel nothing is left but the addend.
      const isNothing = !form.accumulates && expected.images.every((value) => Math.abs(value) < 1e-9)
      const error = isNothing ? Math.max(...found.dx.map(Math.abs)) : relativeError(found.dx, dx)
      expect(error).toBeLessThan(LIMIT)
      expect(relativeError(found.scale, expected.scale)).toBeLessThan(LIMIT)
      expect(relativeError(found.shift, expected.shift)).toBeLessThan(LIMIT)
      const kept = Float32Array.from(dy)
      expect(form.keepsMasked ? found.masked : kept).toEqual(kept)
    })
  })
})

type BackwardForm = {
  readonly masked: boolean
  readonly keepsMasked: boolean
  readonly accumulates: boolean
}

async function differentiate(
  module: WebAssembly.Module,
  shape: Case,
  operands: Operands,
  { masked, keepsMasked, accumulates }: BackwardForm,
) {
  const { builder, image, vector, affine, running, ...rest } = setUp(shape, operands)
  const [x, y, dy, mask, kept, dx, addend] = [
    image('x'),
    image('y'),
    image('dy'),
    image('mask'),
    image('masked dy'),
    image('dx'),
    image('addend'),
  ]
  const [moments, statistics, sums] = [vector('moments'), vector('statistics'), vector('sums')]
  const reads = { x, statistics, dy, ...(masked && { mask }) }
  builder.emit({ op: 'batchNormStatistics', reads: { x }, writes: { moments } })
  builder.emit({
    op: 'batchNormApply',
    reads: { x, moments },
    writes: { y, statistics },
    ...affine,
    ...running,
    momentum: MOMENTUM,
    relu: false,
  })
  builder.emit({ op: 'batchNormReduce', reads, writes: { sums }, ...affine })
  builder.emit({
    op: 'batchNormInputGradient',
    reads: { ...reads, sums, ...(accumulates && { addend }) },
    writes: { dx, ...(keepsMasked && { masked: kept }) },
    ...affine,
  })
  const inputs = new Map([
    [x, operands.x],
    [dy, operands.dy],
  ])
  if (masked) inputs.set(mask, operands.mask)
  if (accumulates) inputs.set(addend, operands.addend)
  const { batch, images } = shape
  const result = await runProgram(module, {
    ...rest,
    program: builder.finish(),
    batch,
    images,
    inputs,
    outputs: keepsMasked ? [dx, kept] : [dx],
  })
  return {
    dx: result.value(dx),
    masked: keepsMasked ? result.value(kept) : null,
    scale: result.gradients['norm.weight'],
    shift: result.gradients['norm.bias'],
  }
}

const FAR = [
  { mean: 100, sd: 1 },
  { mean: 10, sd: 0.01 },
  { mean: -1000, sd: 1 },
]
test.each(MODULES.flatMap(([name, module]) => FAR.map((moments) => [name, moments, module] as const)))(
  'channels far from 0 cost no digits: %s, %o',
  async (_, { mean, sd }, module) => {
    const shape = { batch: 9, images: 9, height: 7, width: 5, channels: 12 }
    const limit = Math.max(LIMIT, meanRounding(mean, sd))
    const operands = operandsOf(shape, 0)
    // Float64 sees the same images.
    const x = noise(operands.x.length, 1).map((value) => Math.fround(mean + sd * value))
    const far = { ...operands, x }
    const form = { residual: false, relu: false }
    const { y } = await train(module, shape, far, form)
    expect(relativeError(y, normalised(shape, far, form))).toBeLessThan(limit)
    const found = await differentiate(module, shape, far, {
      masked: false,
      keepsMasked: false,
      accumulates: false,
    })
    const expected = normaliseGradients(far.dy, x, far.scale, EPSILON)
    expect(relativeError(found.dx, expected.images)).toBeLessThan(limit)
    expect(relativeError(found.scale, expected.scale)).toBeLessThan(limit)
  },
)

test.each(MODULES)('NaN among the images is NaN after normalising and ReLU: %s', async (_, module) => {
  const shape = { batch: 2, images: 2, height: 2, width: 2, channels: 4 }
  const operands = operandsOf(shape)
  operands.x[1] = Number.NaN
  const { y } = await train(module, shape, operands, { residual: true, relu: true })
  expect(Array.from(y, Number.isNaN)).toEqual(Array.from(y, (__, i) => i % 4 === 1))
})
