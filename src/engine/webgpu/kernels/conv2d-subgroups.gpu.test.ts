// Convolutions whose lanes load for one another: what each loads must come to all that need it, and to no other.
import { describe, expect, test } from 'vitest'
import { useTestDevice } from '../../../cli/test-device.ts'
import { conv2d, conv2dFilterGradient, conv2dInputGradient } from '../reference/conv2d.ts'
import type { ConvShape } from './conv-shape.ts'
import { conv2dBackwardData, conv2dBackwardFilter, conv2dForward } from './conv2d.ts'
import { relativeError } from './relative-error.ts'
import { backward, backwardFilter, forward, named, operands, SHAPES, sides } from './test-convolution.ts'

const device = useTestDevice(['subgroups'])

/** A small tile: lavapipe compiles large ones for seconds. */
const TILE = { pixels: 4, channels: 8 }
const MINUTE = 60_000

describe.each(named(SHAPES))('shared weights,$name', { timeout: 3 * MINUTE }, ({ shape }) => {
  const given = operands(shape)

  test('forward is the float64 sum', async () => {
    const output = await forward(device(), shape, given, conv2dForward(shape, 'subgroup', TILE))
    expect(relativeError(output, conv2d(given.input, given.filter, shape))).toBeLessThan(1e-5)
  })

  test('backward-data is the float64 sum', async () => {
    const kernel = conv2dBackwardData(shape, 'subgroup', { tile: TILE })
    const expected = conv2dInputGradient(given.gradient, given.filter, shape)
    expect(relativeError(await backward(device(), shape, given, kernel), expected)).toBeLessThan(1e-5)
  })
})

/** Input channels in sixteens, so that neighbours in fours share; one with output channels that do not fill a block. */
const IN_FOURS: readonly ConvShape[] = [
  { ...sides(3, 7, 9, 16, 16), kernel: 3, stride: 1 },
  { ...sides(3, 7, 9, 16, 32), kernel: 3, stride: 2 },
  { ...sides(1, 5, 11, 48, 20), kernel: 3, stride: 1 },
  { ...sides(2, 4, 5, 64, 33), kernel: 1, stride: 2 },
]

describe.each(named(IN_FOURS))('a shared gradient,$name', { timeout: 3 * MINUTE }, ({ shape }) => {
  const given = operands(shape)

  test.each([1, 3, 7])('backward-filter in %i splits is the float64 sum', async (splits) => {
    const kernel = conv2dBackwardFilter(shape, splits, { quads: true })
    expect(kernel.wgsl).toContain('quadBroadcast')
    const expected = conv2dFilterGradient(given.input, given.gradient, shape)
    expect(
      relativeError(await backwardFilter(device(), shape, given, kernel, splits), expected),
    ).toBeLessThan(1e-5)
  })
})

test.each(named(SHAPES.filter(({ inChannels, outChannels }) => inChannels < 16 || outChannels < 16)))(
  'too few channels to share:$name',
  ({ shape }) => {
    expect(conv2dBackwardFilter(shape, 1, { quads: true }).wgsl).not.toContain('quadBroadcast')
  },
)
