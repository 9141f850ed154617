// Operations that only move, choose, average, add or drop values.
import { describe, expect, test } from 'vitest'
import { nodeCpuHost } from '../../cli/device/node-cpu-host.ts'
import type { Shape } from '../../network/graph.ts'
import { createGraphBuilder } from '../../network/graph-builder.ts'
import { createProgramBuilder, type Operation, type ValueId } from '../compiler/program.ts'
import { dropoutFactors } from '../dropout.ts'
import { maxPool, maxPoolGradient } from '../reference/max-pool.ts'
import { shortcut, shortcutGradient } from '../reference/shortcut.ts'
import { relativeError } from '../../testing/webgpu/relative-error.ts'
import { shortcutOutput, type ShortcutShape } from '../webgpu/kernels/pool/shortcut.ts'
import { noise } from '../../testing/webgpu/test-noise.ts'
import { compileModules } from '../../testing/cpu-engine/compile-modules.ts'
import { type ProgramRun, runProgram } from '../../testing/cpu-engine/run-program.ts'

const MODULES = await compileModules(nodeCpuHost)
const [, [, MODULE] = []] = MODULES
if (!MODULE) throw new Error('there are two modules')
const module = MODULE

/** A 1×1 and a 3×3 convolution of whatever channels: what reads a value decides whether it has a border. */
function graphOf(shape: Shape) {
  const graphs = createGraphBuilder(shape)
  const at = graphs.conv2d(graphs.relu(graphs.input), 'reader', 1, 3, 1)
  return graphs.finish(graphs.dense(graphs.globalAvgPool(at), 'head', 10))
}

type Given = Readonly<Record<string, { readonly shape: Shape; readonly values: Float64Array }>>

/**
 * The result of one operation, twice: where nobody reads it, and where a 3×3 convolution does, for which it has a border.
 * @param given what the operation reads, by the names of its reads; `y` and `dx` are what it writes
 */
async function operate(
  given: Given,
  target: Shape,
  emit: (ids: Readonly<Record<string, ValueId>>, written: ValueId) => Operation,
  { batch, ...changes }: Pick<ProgramRun, 'batch' | 'options' | 'stepInputs' | 'images'>,
): Promise<Float32Array> {
  const results: Float32Array[] = []
  for (const isBordered of [false, true]) {
    const builder = createProgramBuilder()
    const ids = Object.fromEntries(
      Object.entries(given).map(([name, { shape }]) => [name, builder.images(shape, name)]),
    )
    const written = builder.images(target, 'written')
    builder.emit(emit(ids, written))
    if (isBordered) {
      const sum = builder.images({ ...target, channels: 1 }, 'sum')
      const attrs = { weight: 'reader.weight', bias: null, kernel: 3, stride: 1 } as const
      builder.emit({ op: 'conv2d', reads: { x: written }, writes: { y: sum }, ...attrs })
    }
    const result = await runProgram(module, {
      graph: graphOf(target),
      program: builder.finish(),
      batch,
      inputs: new Map(Object.entries(given).map(([name, { values }]) => [ids[name] ?? -1, values])),
      outputs: [written],
      ...changes,
    })
    results.push(result.value(written))
  }
  const [plain = new Float32Array(), bordered] = results
  expect(bordered).toEqual(plain)
  return plain
}

const random = (shape: Shape, batch: number, salt: number) => ({
  shape,
  values: noise(batch * shape.height * shape.width * shape.channels, salt),
})

describe.each([
  { batch: 1, height: 1, width: 1, channels: 3 },
  { batch: 17, height: 7, width: 9, channels: 5 },
  { batch: 3, height: 5, width: 11, channels: 130 },
])('$batch images of $height×$width×$channels', ({ batch, ...shape }) => {
  const [a, b] = [random(shape, batch, 1), random(shape, batch, 2)]

  test('through ReLU are what is above 0', async () => {
    const found = await operate(
      { a },
      shape,
      ({ a: x = -1 }, y) => ({ op: 'relu', reads: { x }, writes: { y } }),
      { batch },
    )
    expect(found).toEqual(Float32Array.from(a.values, (value) => Math.max(value, 0)))
  })

  test('added to others are their sums', async () => {
    const found = await operate(
      { a, b },
      shape,
      ({ a: left = -1, b: right = -1 }, y) => ({ op: 'add', reads: { a: left, b: right }, writes: { y } }),
      { batch },
    )
    expect(found).toEqual(Float32Array.from(a.values, (value, i) => value + (b.values[i] ?? 0)))
  })

  test('have a gradient where ReLU’s output is above 0', async () => {
    const found = await operate(
      { a, b },
      shape,
      ({ a: dy = -1, b: y = -1 }, dx) => ({ op: 'reluGradient', reads: { dy, y }, writes: { dx } }),
      { batch },
    )
    expect(found).toEqual(Float32Array.from(a.values, (value, i) => ((b.values[i] ?? 0) > 0 ? value : 0)))
  })

  test('are pooled to their means, and the gradient is spread', async () => {
    const pixels = shape.height * shape.width
    const vector = { height: 1, width: 1, channels: shape.channels }
    const means = new Float64Array(batch * shape.channels)
    const imageAndChannel = (i: number) =>
      Math.floor(i / (pixels * shape.channels)) * shape.channels + (i % shape.channels)
    for (const [i, value] of a.values.entries()) {
      means[imageAndChannel(i)] = (means[imageAndChannel(i)] ?? 0) + value / pixels
    }
    const pooled = await operate(
      { a },
      vector,
      ({ a: x = -1 }, y) => ({ op: 'globalAvgPool', reads: { x }, writes: { y } }),
      { batch },
    )
    expect(relativeError(pooled, means)).toBeLessThan(1e-5)
    const dy = random(vector, batch, 3)
    const spread = await operate(
      { dy },
      shape,
      ({ dy: id = -1 }, dx) => ({ op: 'globalAvgPoolGradient', reads: { dy: id }, writes: { dx } }),
      { batch },
    )
    const expected = a.values.map((_, i) => (dy.values[imageAndChannel(i)] ?? 0) / pixels)
    expect(relativeError(spread, expected)).toBeLessThan(1e-5)
  })
})

test('ReLU lets NaN through, and its gradient counts nothing there', async () => {
  const shape = { height: 1, width: 1, channels: 3 }
  const x = { shape, values: Float64Array.of(Number.NaN, -1, 2) }
  const relu = await operate(
    { x },
    shape,
    ({ x: id = -1 }, y) => ({ op: 'relu', reads: { x: id }, writes: { y } }),
    { batch: 1 },
  )
  expect(relu).toEqual(Float32Array.of(Number.NaN, 0, 2))
  const dy = { shape, values: Float64Array.of(5, 6, 7) }
  const gradient = await operate(
    { dy, x },
    shape,
    (ids, dx) => ({ op: 'reluGradient', reads: { dy: ids['dy'] ?? -1, y: ids['x'] ?? -1 }, writes: { dx } }),
    { batch: 1 },
  )
  expect(gradient).toEqual(Float32Array.of(0, 0, 7))
})

const SHORTCUTS: readonly (ShortcutShape & { name: string })[] = [
  {
    name: 'every second pixel, zeros at the end',
    batch: 3,
    height: 8,
    width: 8,
    channels: 16,
    stride: 2,
    window: 1,
    before: 0,
    after: 16,
    factor: 1,
  },
  {
    name: 'odd sides, zeros at both ends',
    batch: 1,
    height: 7,
    width: 5,
    channels: 5,
    stride: 2,
    window: 1,
    before: 3,
    after: 2,
    factor: 1,
  },
  {
    name: 'every second pixel only',
    batch: 17,
    height: 5,
    width: 3,
    channels: 3,
    stride: 2,
    window: 1,
    before: 0,
    after: 0,
    factor: 1,
  },
  {
    name: 'zeros only',
    batch: 2,
    height: 3,
    width: 3,
    channels: 33,
    stride: 1,
    window: 1,
    before: 1,
    after: 4,
    factor: 1,
  },
  {
    name: 'zeros before, none after',
    batch: 2,
    height: 1,
    width: 1,
    channels: 6,
    stride: 1,
    window: 1,
    before: 7,
    after: 0,
    factor: 1,
  },
  {
    name: 'means of 2×2, zeros at both ends',
    batch: 3,
    height: 7,
    width: 9,
    channels: 5,
    stride: 2,
    window: 2,
    before: 1,
    after: 2,
    factor: 1,
  },
  {
    name: 'means of 2×2',
    batch: 2,
    height: 4,
    width: 6,
    channels: 130,
    stride: 2,
    window: 2,
    before: 0,
    after: 0,
    factor: 1,
  },
  {
    name: 'half of every second pixel, zeros at both ends',
    batch: 2,
    height: 7,
    width: 6,
    channels: 9,
    stride: 2,
    window: 1,
    before: 2,
    after: 1,
    factor: 0.5,
  },
]

test.each(SHORTCUTS)('a shortcut of $name, forward and backward', async (given) => {
  const { name: _, ...shape } = given
  const { batch, height, width, channels, ...attrs } = shape
  const below = { height, width, channels }
  const above = shortcutOutput(shape)
  const x = random(below, batch, 1)
  const forward = await operate(
    { x },
    above,
    ({ x: id = -1 }, y) => ({ op: 'shortcut', reads: { x: id }, writes: { y }, ...attrs }),
    { batch },
  )
  expect(relativeError(forward, shortcut(x.values, shape))).toBeLessThan(attrs.window === 1 ? 1e-30 : 1e-5)
  const dy = random(above, batch, 2)
  const backward = await operate(
    { dy },
    below,
    ({ dy: id = -1 }, dx) => ({ op: 'shortcutGradient', reads: { dy: id }, writes: { dx }, ...attrs }),
    { batch },
  )
  expect(backward).toEqual(Float32Array.from(shortcutGradient(dy.values, shape)))
})

const POOLS = [
  { batch: 3, height: 4, width: 4, channels: 16 },
  { batch: 17, height: 8, width: 12, channels: 5 },
  { batch: 1, height: 11, width: 6, channels: 33 },
  { batch: 2, height: 7, width: 5, channels: 130 },
]

async function poolOf(images: Float64Array, { batch, ...shape }: (typeof POOLS)[number]) {
  const target = {
    height: Math.floor(shape.height / 4),
    width: Math.floor(shape.width / 4),
    channels: shape.channels,
  }
  const x = { shape, values: images }
  const dy = random(target, batch, 2)
  const forward = await operate(
    { x },
    target,
    ({ x: id = -1 }, y) => ({ op: 'maxPool4', reads: { x: id }, writes: { y } }),
    { batch },
  )
  const backward = await operate(
    { x, dy },
    shape,
    (ids, dx) => ({
      op: 'maxPool4Gradient',
      reads: { x: ids['x'] ?? -1, dy: ids['dy'] ?? -1 },
      writes: { dx },
    }),
    { batch },
  )
  return { forward, backward, gradient: dy.values }
}

test.each(POOLS)(
  'the largest of 4×4 pixels of $height×$width×$channels, forward and backward',
  async (shape) => {
    const values = shape.batch * shape.height * shape.width * shape.channels
    // The second are like images after ReLU: most windows have several zeros, some nothing else.
    for (const images of [noise(values, 1), noise(values, 3).map((x) => Math.max(0, Math.round(x - 1)))]) {
      const { forward, backward, gradient } = await poolOf(images, shape)
      const window = { ...shape, window: 4 }
      expect(forward).toEqual(Float32Array.from(maxPool(images, window)))
      expect(backward).toEqual(Float32Array.from(maxPoolGradient(gradient, images, window)))
    }
  },
)

test('NaN in a window is its largest, wherever it lies', async () => {
  for (const place of [2, 4 * 5 + 2]) {
    const images = noise(64, 5)
    images[place] = Number.NaN
    const { forward } = await poolOf(images, { batch: 1, height: 4, width: 4, channels: 4 })
    expect(Array.from(forward, Number.isNaN)).toEqual([false, false, true, false])
  }
})

test.each([
  { batch: 1, height: 3, width: 5, channels: 3, rate: 0.5, seed: 1, step: 0, layer: 0 },
  { batch: 3, height: 1, width: 1, channels: 5, rate: 0.02, seed: 2 ** 40 + 9, step: 63_999, layer: 1 },
  { batch: 17, height: 4, width: 4, channels: 33, rate: 0.25, seed: 2 ** 53 - 1, step: 2 ** 30, layer: 2 },
  { batch: 3, height: 7, width: 9, channels: 130, rate: 0.9, seed: 0, step: 12, layer: 65_535 },
  { batch: 40, height: 2, width: 2, channels: 16, rate: 0, seed: 3, step: 4, layer: 0 },
])(
  'dropout of $channels channels of $batch images at rate $rate drops those that TypeScript drops',
  async ({ batch, height, width, channels, ...draw }) => {
    const shape = { height, width, channels }
    const x = random(shape, batch, 1)
    const { rate, layer, seed, step } = draw
    const found = await operate(
      { x },
      shape,
      ({ x: id = -1 }, y) => ({ op: 'dropout2d', reads: { x: id }, writes: { y }, rate, layer }),
      { batch, options: { dropoutSeed: seed }, stepInputs: { number: step } },
    )
    const factors = dropoutFactors(draw, batch, channels)
    const expected = x.values.map((value, i) => {
      const image = Math.floor(i / (height * width * channels))
      return value * (factors[image * channels + (i % channels)] ?? Number.NaN)
    })
    // Plus 0: zeros have signs.
    expect(found.map((value) => value + 0)).toEqual(Float32Array.from(expected, (value) => value + 0))
  },
)
