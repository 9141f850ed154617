// Convolutions and linear layers, whichever kernels compute them, against float64.
import { describe, expect, test } from 'vitest'
import { nodeCpuHost } from '../../cli/device/node-cpu-host.ts'
import { createGraphBuilder } from '../../network/graph-builder.ts'
import type { Graph } from '../../network/graph.ts'
import { createProgramBuilder } from '../compiler/program.ts'
import { sumByChannel } from '../reference/batch-norm.ts'
import { conv2d, conv2dFilterGradient, conv2dInputGradient } from '../reference/conv2d.ts'
import { dense, denseGradients } from '../reference/dense.ts'
import { convLabel, type ConvShape, outputSide } from '../webgpu/kernels/convolution/conv-shape.ts'
import { relativeError } from '../../testing/webgpu/relative-error.ts'
import { noise } from '../../testing/webgpu/test-noise.ts'
import { compileModules } from '../../testing/cpu-engine/compile-modules.ts'
import { runProgram } from '../../testing/cpu-engine/run-program.ts'

const MODULES = await compileModules(nodeCpuHost)
const LIMIT = 1e-5

function shapeOf(
  [batch, height, width]: readonly [number, number, number],
  [inChannels, outChannels]: readonly [number, number],
  kernel: 1 | 3,
  stride: 1 | 2,
): ConvShape {
  return { batch, height, width, inChannels, outChannels, kernel, stride }
}

/** Odd sides, sides that no tile fills, channels that fill no vector, and those of the networks. */
const SHAPES: readonly ConvShape[] = [
  shapeOf([3, 7, 9], [3, 5], 3, 1),
  shapeOf([3, 7, 9], [3, 5], 3, 2),
  shapeOf([1, 5, 11], [5, 33], 1, 1),
  shapeOf([1, 5, 11], [5, 33], 1, 2),
  shapeOf([2, 5, 11], [33, 40], 3, 1),
  shapeOf([17, 8, 8], [16, 16], 3, 1),
  shapeOf([5, 8, 8], [16, 32], 3, 2),
  shapeOf([4, 8, 8], [32, 32], 3, 1),
  shapeOf([2, 6, 10], [64, 48], 3, 1),
  shapeOf([1, 3, 3], [33, 130], 3, 1),
  shapeOf([2, 3, 3], [130, 33], 3, 2),
  shapeOf([17, 1, 1], [8, 12], 3, 1),
  shapeOf([3, 1, 1], [40, 36], 3, 2),
  shapeOf([2, 1, 1], [130, 100], 1, 1),
  shapeOf([3, 2, 1], [4, 8], 3, 2),
  shapeOf([2, 1, 5], [9, 7], 1, 2),
  shapeOf([2, 4, 4], [12, 64], 1, 2),
  // Even sides and many channels: a few tiles, tiles that fill no group, more weights than images.
  shapeOf([17, 2, 2], [24, 40], 3, 1),
  shapeOf([1, 10, 6], [16, 130], 3, 1),
  shapeOf([3, 4, 6], [130, 136], 3, 1),
]

function graphOf(
  { height, width, inChannels, outChannels, kernel, stride }: ConvShape,
  bias: boolean,
): Graph {
  const builder = createGraphBuilder({ height, width, channels: inChannels })
  // The images that come in are stored otherwise than what convolutions read of one another.
  const at = builder.conv2d(builder.relu(builder.input), 'conv', outChannels, kernel, stride, { bias })
  return builder.finish(builder.dense(builder.globalAvgPool(at), 'head', 10))
}

function operandsOf(shape: ConvShape) {
  const { batch, height, width, inChannels, outChannels, kernel, stride } = shape
  const outPixels = batch * outputSide(height, stride) * outputSide(width, stride)
  return {
    x: noise(batch * height * width * inChannels, 1),
    filter: noise(inChannels * outChannels * kernel ** 2, 2),
    dy: noise(outPixels * outChannels, 3),
    addend: noise(batch * height * width * inChannels, 4),
    bias: noise(outChannels, 5),
  }
}

type ConvolutionRun = { readonly shape: ConvShape; readonly bias: boolean; readonly images?: number }

/** Every operation of a convolution, as one training step has them. */
async function run(module: WebAssembly.Module, { shape, bias, images = shape.batch }: ConvolutionRun) {
  const { batch, height, width, inChannels, outChannels, kernel, stride } = shape
  const operands = operandsOf({ ...shape, batch: images })
  const builder = createProgramBuilder()
  const below = { height, width, channels: inChannels }
  const above = {
    height: outputSide(height, stride),
    width: outputSide(width, stride),
    channels: outChannels,
  }
  const [x, y, dy] = [builder.images(below, 'x'), builder.images(above, 'y'), builder.images(above, 'dy')]
  const [dx, addend, sum] = ['dx', 'addend', 'sum'].map((label) => builder.images(below, label))
  if (dx === undefined || addend === undefined || sum === undefined) throw new Error('three values')
  const attrs = { weight: 'conv.weight', bias: bias ? 'conv.bias' : null, kernel, stride }
  builder.emit({ op: 'conv2d', reads: { x }, writes: { y }, ...attrs })
  builder.emit({ op: 'conv2dWeightGradient', reads: { x, dy }, writes: {}, ...attrs })
  if (bias) builder.emit({ op: 'conv2dBiasGradient', reads: { dy }, writes: {}, bias: 'conv.bias' })
  builder.emit({ op: 'conv2dInputGradient', reads: { dy }, writes: { dx }, ...attrs })
  builder.emit({ op: 'conv2dInputGradient', reads: { dy, addend }, writes: { dx: sum }, ...attrs })
  const result = await runProgram(module, {
    graph: graphOf(shape, bias),
    program: builder.finish(),
    batch,
    images,
    inputs: new Map([
      [x, operands.x],
      [dy, operands.dy],
      [addend, operands.addend],
    ]),
    outputs: [y, dx, sum],
    parameters: { 'conv.weight': operands.filter, ...(bias && { 'conv.bias': operands.bias }) },
  })
  return {
    y: result.value(y),
    dx: result.value(dx),
    sum: result.value(sum),
    beyond: [y, dx].map((id) => result.beyond(id)),
    filter: result.gradients['conv.weight'],
    bias: result.gradients['conv.bias'],
  }
}

function expected(shape: ConvShape, bias: boolean) {
  const { x, filter, dy, addend, bias: values } = operandsOf(shape)
  const dx = conv2dInputGradient(dy, filter, shape)
  return {
    y: conv2d(x, filter, shape, bias ? values : undefined),
    dx,
    sum: dx.map((value, i) => value + (addend[i] ?? 0)),
    filter: conv2dFilterGradient(x, dy, shape),
    bias: sumByChannel(dy, shape.outChannels, (value) => value),
  }
}

describe.each(SHAPES.map((shape, i) => ({ name: convLabel('', shape), shape, bias: i % 2 === 0 })))(
  '$name, with a bias: $bias,',
  ({ shape, bias }) => {
    const reference = expected(shape, bias)

    test.each(MODULES)('forward and all gradients are the float64 sums: %s', async (_, module) => {
      const found = await run(module, { shape, bias })
      expect(relativeError(found.y, reference.y)).toBeLessThan(LIMIT)
      expect(relativeError(found.dx, reference.dx)).toBeLessThan(LIMIT)
      expect(relativeError(found.sum, reference.sum)).toBeLessThan(LIMIT)
      expect(relativeError(found.filter, reference.filter)).toBeLessThan(LIMIT)
      expect(bias ? relativeError(found.bias, reference.bias) : 0).toBeLessThan(LIMIT)
    })
  },
)

test.each([
  shapeOf([17, 7, 9], [5, 12], 3, 1),
  shapeOf([17, 8, 8], [40, 32], 3, 1),
  shapeOf([17, 4, 2], [130, 136], 3, 1),
  shapeOf([17, 7, 9], [5, 12], 3, 2),
  shapeOf([17, 7, 9], [5, 12], 1, 2),
])('of $batch images only those count that the batch has: $kernel×$kernel/$stride', async (shape) => {
  for (const [, module] of MODULES) {
    for (const images of [1, 3]) {
      const reference = expected({ ...shape, batch: images }, true)
      const found = await run(module, { shape, bias: true, images })
      expect(relativeError(found.y, reference.y)).toBeLessThan(LIMIT)
      expect(relativeError(found.dx, reference.dx)).toBeLessThan(LIMIT)
      expect(relativeError(found.filter, reference.filter)).toBeLessThan(LIMIT)
      expect(relativeError(found.bias, reference.bias)).toBeLessThan(LIMIT)
      for (const values of found.beyond) expect(values.every(Number.isNaN)).toBe(true)
    }
  }
})

test.each(MODULES)('a convolution of what another leaves in a thread’s own memory: %s', async (_, module) => {
  const side = { height: 6, width: 7 }
  const graphs = createGraphBuilder({ ...side, channels: 5 })
  const first = graphs.conv2d(graphs.relu(graphs.input), 'first', 34, 3, 1)
  const second = graphs.conv2d(first, 'second', 9, 3, 2)
  const graph = graphs.finish(graphs.dense(graphs.globalAvgPool(second), 'head', 10))
  const builder = createProgramBuilder()
  const [x, between] = [
    builder.images({ ...side, channels: 5 }, 'x'),
    builder.images({ ...side, channels: 34 }, 'between'),
  ]
  const y = builder.images({ height: 3, width: 4, channels: 9 }, 'y')
  const attrs = { bias: null, kernel: 3 } as const
  builder.emit({
    op: 'conv2d',
    reads: { x },
    writes: { y: between },
    ...attrs,
    weight: 'first.weight',
    stride: 1,
  })
  builder.emit({
    op: 'conv2d',
    reads: { x: between },
    writes: { y },
    ...attrs,
    weight: 'second.weight',
    stride: 2,
  })
  const images = noise(17 * 6 * 7 * 5, 1)
  const filters = { first: noise(34 * 5 * 9, 2), second: noise(9 * 34 * 9, 3) }
  const result = await runProgram(module, {
    graph,
    program: builder.finish(),
    batch: 17,
    inputs: new Map([[x, images]]),
    outputs: [y],
    parameters: { 'first.weight': filters.first, 'second.weight': filters.second },
  })
  const shape = { ...side, batch: 17, kernel: 3 } as const
  const reference = conv2d(images, filters.first, { ...shape, inChannels: 5, outChannels: 34, stride: 1 })
  expect(
    relativeError(
      result.value(y),
      conv2d(reference, filters.second, { ...shape, inChannels: 34, outChannels: 9, stride: 2 }),
    ),
  ).toBeLessThan(LIMIT)
})

describe.each([
  { batch: 1, inChannels: 3, outChannels: 10, bias: true },
  { batch: 17, inChannels: 64, outChannels: 10, bias: true },
  { batch: 5, inChannels: 130, outChannels: 100, bias: false },
])('a linear layer $inChannels → $outChannels of $batch images, with a bias: $bias,', (shape) => {
  const { batch, inChannels, outChannels, bias } = shape
  const values = {
    x: noise(batch * inChannels, 1),
    weights: noise(inChannels * outChannels, 2),
    bias: bias ? noise(outChannels, 3) : new Float64Array(outChannels),
    dy: noise(batch * outChannels, 4),
  }

  test.each(MODULES)('and its gradients are the float64 sums: %s', async (_, module) => {
    const graphs = createGraphBuilder({ height: 1, width: 1, channels: inChannels })
    const graph = graphs.finish(graphs.dense(graphs.relu(graphs.input), 'fc', outChannels, { bias }))
    const builder = createProgramBuilder()
    const vector = (channels: number, label: string) =>
      builder.images({ height: 1, width: 1, channels }, label)
    const [x, y, dy, dx] = [
      vector(inChannels, 'x'),
      vector(outChannels, 'y'),
      vector(outChannels, 'dy'),
      vector(inChannels, 'dx'),
    ]
    const attrs = { weight: 'fc.weight', bias: bias ? 'fc.bias' : null }
    builder.emit({ op: 'dense', reads: { x }, writes: { y }, ...attrs })
    builder.emit({ op: 'denseWeightGradient', reads: { x, dy }, writes: {}, ...attrs })
    builder.emit({ op: 'denseInputGradient', reads: { dy }, writes: { dx }, ...attrs })
    const result = await runProgram(module, {
      graph,
      program: builder.finish(),
      batch,
      inputs: new Map([
        [x, values.x],
        [dy, values.dy],
      ]),
      outputs: [y, dx],
      parameters: { 'fc.weight': values.weights, ...(bias && { 'fc.bias': values.bias }) },
    })
    const reference = denseGradients(values.dy, values.x, values.weights, shape)
    expect(relativeError(result.value(y), dense(values.x, values.weights, values.bias, shape))).toBeLessThan(
      LIMIT,
    )
    expect(relativeError(result.value(dx), reference.input)).toBeLessThan(LIMIT)
    expect(relativeError(result.gradients['fc.weight'], reference.weights)).toBeLessThan(LIMIT)
    expect(bias ? relativeError(result.gradients['fc.bias'], reference.bias) : 0).toBeLessThan(LIMIT)
  })
})
