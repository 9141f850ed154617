import { describe, expect, test } from 'vitest'
import { useTestDevice } from '../../../../testing/node/test-device.ts'
import { packChannels, unpackChannels } from '../../memory/layout.ts'
import { conv2d, conv2dFilterGradient, conv2dInputGradient } from '../../../reference/conv2d.ts'
import type { ConvShape } from './conv-shape.ts'
import { conv2dBackwardData, conv2dBackwardFilter, conv2dForward, filterSplits } from './conv2d.ts'
import { relativeError } from '../../../../testing/webgpu/relative-error.ts'
import { runKernels } from '../../device/run-kernel.ts'
import {
  backward,
  backwardFilter,
  forward,
  named,
  operands,
  SHAPES,
  sides,
} from '../../../../testing/webgpu/test-convolution.ts'
import { noise } from '../../../../testing/webgpu/test-noise.ts'

const device = useTestDevice(['subgroups'])

/** Weights that need a uniform binding a kernel row, or a tap, and weights that are too many even for that. */
const LARGE_FILTERS: readonly ConvShape[] = [
  { ...sides(1, 6, 3, 64, 48), kernel: 3, stride: 1 },
  { ...sides(1, 3, 6, 64, 48), kernel: 3, stride: 2 },
  { ...sides(1, 3, 3, 128, 112), kernel: 3, stride: 1 },
  { ...sides(1, 3, 5, 128, 112), kernel: 3, stride: 2 },
  { ...sides(1, 3, 3, 130, 130), kernel: 3, stride: 1 },
]
/** In `subgroup`, what a lane loads must come to all that need it, and to no other. */
const SPACES = ['uniform', 'subgroup'] as const
/** Input channels in sixteens, so that neighbours in fours share; one with output channels that do not fill a block. */
const IN_FOURS: readonly ConvShape[] = [
  { ...sides(3, 7, 9, 16, 16), kernel: 3, stride: 1 },
  { ...sides(3, 7, 9, 16, 32), kernel: 3, stride: 2 },
  { ...sides(1, 5, 11, 48, 20), kernel: 3, stride: 1 },
  { ...sides(2, 4, 5, 64, 33), kernel: 1, stride: 2 },
]
/** A small tile: lavapipe compiles large ones for seconds. The default is the last test's. */
const TILE = { pixels: 4, channels: 8 }

describe.each(named(SHAPES))('$name', ({ shape }) => {
  const given = operands(shape)

  test.each(SPACES)('forward is the float64 sum, %s weights', async (space) => {
    const output = await forward(device(), shape, given, conv2dForward(shape, space, TILE))
    expect(relativeError(output, conv2d(given.input, given.filter, shape))).toBeLessThan(1e-5)
  })

  test.each(SPACES)('backward-data is the float64 sum, %s weights', async (space) => {
    const kernel = conv2dBackwardData(shape, space, { tile: TILE })
    const result = await backward(device(), shape, given, kernel)
    const expected = conv2dInputGradient(given.gradient, given.filter, shape)
    expect(relativeError(result, expected)).toBeLessThan(1e-5)
  })

  test('backward-filter is the float64 sum, in one split and in several', async () => {
    const expected = conv2dFilterGradient(given.input, given.gradient, shape)
    for (const splits of [1, 3]) {
      expect(
        relativeError(
          await backwardFilter(device(), shape, given, conv2dBackwardFilter(shape, splits), splits),
          expected,
        ),
      ).toBeLessThan(1e-5)
    }
  })
})

describe.each(named(IN_FOURS))('a shared gradient,$name', ({ shape }) => {
  const given = operands(shape)

  test.each([1, 3, 7])('backward-filter in %i splits is the float64 sum', async (splits) => {
    const kernel = conv2dBackwardFilter(shape, splits, { subgroupQuads: true })
    expect(kernel.wgsl).toContain('quadBroadcast')
    const result = await backwardFilter(device(), shape, given, kernel, splits)
    expect(relativeError(result, conv2dFilterGradient(given.input, given.gradient, shape))).toBeLessThan(1e-5)
  })
})

test.each(named(SHAPES.filter(({ inChannels, outChannels }) => inChannels < 16 || outChannels < 16)))(
  'too few channels to share:$name',
  ({ shape }) => {
    expect(conv2dBackwardFilter(shape, 1, { subgroupQuads: true }).wgsl).not.toContain('quadBroadcast')
  },
)

describe.each(named(LARGE_FILTERS))('many weights,$name', ({ shape }) => {
  const given = operands(shape)

  test('forward and backward-data are the float64 sums', async () => {
    const output = await forward(device(), shape, given, conv2dForward(shape, 'uniform', TILE))
    expect(relativeError(output, conv2d(given.input, given.filter, shape))).toBeLessThan(1e-5)
    const result = await backward(
      device(),
      shape,
      given,
      conv2dBackwardData(shape, 'uniform', { tile: TILE }),
    )
    const expected = conv2dInputGradient(given.gradient, given.filter, shape)
    expect(relativeError(result, expected)).toBeLessThan(1e-5)
  })
})

test('weights in a storage buffer give the same sums', async () => {
  const shape: ConvShape = { ...sides(3, 7, 9, 3, 5), kernel: 3, stride: 1 }
  const given = operands(shape)
  const output = await forward(device(), shape, given, conv2dForward(shape, 'storage', TILE))
  expect(relativeError(output, conv2d(given.input, given.filter, shape))).toBeLessThan(1e-5)
})

test.each([
  { ...sides(3, 7, 9, 3, 5), kernel: 3, stride: 2 },
  { ...sides(1, 5, 11, 5, 33), kernel: 1, stride: 1 },
  { ...sides(1, 6, 3, 64, 48), kernel: 3, stride: 1 },
] as const)(
  'a bias is added once to every pixel: $kernel×$kernel/$stride $inChannels → $outChannels',
  async (shape) => {
    const { input, filter, source, weights, outputBytes } = operands(shape)
    const values = noise(shape.outChannels, 4)
    const bias = packChannels(Float32Array.from(values), shape.outChannels)
    const kernel = conv2dForward(shape, 'uniform', TILE, { bias: true })
    const { destination } = await runKernels(device(), [kernel], {
      source,
      weights,
      bias,
      destination: outputBytes,
    })
    const output = unpackChannels(destination ?? new Float32Array(), shape.outChannels)
    expect(relativeError(output, conv2d(input, filter, shape, values))).toBeLessThan(1e-5)
    expect(destination).toEqual(packChannels(output, shape.outChannels))
  },
)

describe('the default tile', () => {
  const shape: ConvShape = { ...sides(3, 5, 11, 16, 20), kernel: 3, stride: 1 }
  const given = operands(shape)

  test('gives the float64 sums, and zeros in the channels that only fill up', async () => {
    const narrow: ConvShape = { ...shape, outChannels: 18 }
    const few = operands(narrow)
    const { destination } = await runKernels(device(), [conv2dForward(narrow, 'uniform')], {
      source: few.source,
      weights: few.weights,
      destination: few.outputBytes,
    })
    const output = unpackChannels(destination ?? new Float32Array(), narrow.outChannels)
    expect(relativeError(output, conv2d(few.input, few.filter, narrow))).toBeLessThan(1e-5)
    expect(destination).toEqual(packChannels(output, narrow.outChannels))
  })

  test.each([1, 2] as const)(
    'backward-data at stride %i can add to the gradient that is there',
    async (stride) => {
      const strided = { ...shape, stride }
      const { above, weights, source, input, gradient, filter } = operands(strided)
      const kernel = conv2dBackwardData(strided, 'uniform', { accumulate: true })
      const { destination } = await runKernels(device(), [kernel], {
        source: above,
        weights,
        destination: source,
      })
      const result = unpackChannels(destination ?? new Float32Array(), shape.inChannels)
      const expected = conv2dInputGradient(gradient, filter, strided).map(
        (value, i) => value + (input[i] ?? 0),
      )
      expect(relativeError(result, expected)).toBeLessThan(1e-5)
    },
  )

  test('backward-filter gives the same bits twice', async () => {
    const splits = filterSplits(shape)
    expect(splits).toBeGreaterThan(1)
    const first = await backwardFilter(device(), shape, given, conv2dBackwardFilter(shape, splits), splits)
    expect(relativeError(first, conv2dFilterGradient(given.input, given.gradient, shape))).toBeLessThan(1e-5)
    expect(await backwardFilter(device(), shape, given, conv2dBackwardFilter(shape, splits), splits)).toEqual(
      first,
    )
  })
})
