import { describe, expect, test } from 'vitest'
import { useTestDevice } from '../../../../testing/node/test-device.ts'
import { packChannels, unpackChannels } from '../../memory/layout.ts'
import { conv2d, conv2dFilterGradient, conv2dInputGradient } from '../../../reference/conv2d.ts'
import type { ConvShape } from './conv-shape.ts'
import type { FilterTile } from './conv2d-tiled-filter.wgsl.ts'
import { tiledBackwardData, tiledBackwardFilter, tiledFilterSplits, tiledForward } from './conv2d-tiled.ts'
import type { ImageTile } from './conv2d-tiled.wgsl.ts'
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

const device = useTestDevice()

/** Small, and with loads that do not come out even. */
const IMAGE_TILE: ImageTile = { pixels: 2, vectors: 2, pixelThreads: 8, channelThreads: 3, depth: 2 }
const FILTER_TILE: FilterTile = { inputVectors: 2, outputVectors: 3, pixels: 8, groups: 3 }

/** As lavapipe compiles barriers for seconds: both strides, both kernels, ragged channels, and more than one block. */
const TESTED = SHAPES.filter(({ kernel, stride, batch }) =>
  kernel === 3 ? batch < 17 && batch !== 2 : stride === 2,
)

describe.each(named(TESTED))('tiled$name', ({ shape }) => {
  const given = operands(shape)

  test('forward is the float64 sum', async () => {
    const output = await forward(device(), shape, given, tiledForward(shape, IMAGE_TILE))
    expect(relativeError(output, conv2d(given.input, given.filter, shape))).toBeLessThan(1e-5)
  })

  test('backward-data is the float64 sum', async () => {
    const result = await backward(device(), shape, given, tiledBackwardData(shape, IMAGE_TILE))
    const expected = conv2dInputGradient(given.gradient, given.filter, shape)
    expect(relativeError(result, expected)).toBeLessThan(1e-5)
  })

  test('backward-filter is the float64 sum, in one split and in several', async () => {
    const expected = conv2dFilterGradient(given.input, given.gradient, shape)
    for (const splits of [1, 3]) {
      const kernel = tiledBackwardFilter(shape, FILTER_TILE, splits)
      const result = await backwardFilter(device(), shape, given, kernel, splits)
      expect(relativeError(result, expected)).toBeLessThan(1e-5)
    }
  })
})

describe('the tiled family', () => {
  const shape: ConvShape = { ...sides(3, 5, 11, 16, 18), kernel: 3, stride: 1 }

  test('begins at a bias, and writes zeros into the channels that only fill up', async () => {
    const { input, filter, source, weights, outputBytes } = operands(shape)
    const bias = noise(shape.outChannels, 4)
    const { destination } = await runKernels(device(), [tiledForward(shape, IMAGE_TILE, { bias: true })], {
      source,
      weights,
      bias: packChannels(Float32Array.from(bias), shape.outChannels),
      destination: outputBytes,
    })
    const output = unpackChannels(destination ?? new Float32Array(), shape.outChannels)
    expect(relativeError(output, conv2d(input, filter, shape, bias))).toBeLessThan(1e-5)
    expect(destination).toEqual(packChannels(output, shape.outChannels))
  })

  test.each([1, 2] as const)('adds to the gradient that is there, at stride %i', async (stride) => {
    const strided = { ...shape, stride }
    const { above, weights, source, input, gradient, filter } = operands(strided)
    const { destination } = await runKernels(
      device(),
      [tiledBackwardData(strided, IMAGE_TILE, { accumulate: true })],
      {
        source: above,
        weights,
        destination: source,
      },
    )
    const result = unpackChannels(destination ?? new Float32Array(), shape.inChannels)
    const expected = conv2dInputGradient(gradient, filter, strided).map((value, i) => value + (input[i] ?? 0))
    expect(relativeError(result, expected)).toBeLessThan(1e-5)
  })

  test('has splits for a large GPU, and no more than there are pixels for', () => {
    const large: ConvShape = { ...sides(128, 32, 32, 16, 16), kernel: 3, stride: 1 }
    expect(tiledFilterSplits(large, FILTER_TILE)).toBeGreaterThan(10)
    expect(tiledFilterSplits({ ...large, batch: 1, height: 3, width: 3 }, FILTER_TILE)).toBe(1)
  })
})
