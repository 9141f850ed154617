import { expect, test } from 'vitest'
import { useTestDevice } from '../../../testing/node/test-device.ts'
import { packChannels, unpackChannels } from '../memory/layout.ts'
import { shortcut as referenceShortcut, shortcutGradient } from '../../reference/shortcut.ts'
import { add, relu, reluBackward } from './element-wise.ts'
import { globalAvgPool, globalAvgPoolBackward } from './pool/global-avg-pool.ts'
import { relativeError } from '../../../testing/webgpu/relative-error.ts'
import { runKernels } from '../device/run-kernel.ts'
import { shortcut, shortcutBackward, shortcutOutput, type ShortcutShape } from './pool/shortcut.ts'
import { noise } from '../../../testing/webgpu/test-noise.ts'

const device = useTestDevice()

/** More than one stride of the grid, and not a whole number of them. */
const LENGTH = 4 * 2051

test('relu, its gradient and addition are theirs', async () => {
  const left = noise(LENGTH, 1)
  const right = noise(LENGTH, 2)
  const bytes = LENGTH * 4
  const run = async (kernel: ReturnType<typeof relu>) => {
    const results = await runKernels(device(), [kernel], {
      source: Float32Array.from(left),
      left: Float32Array.from(left),
      right: Float32Array.from(right),
      gradient: Float32Array.from(left),
      output: Float32Array.from(right),
      destination: bytes,
    })
    return results['destination']
  }
  expect(await run(relu(bytes))).toEqual(Float32Array.from(left, (value) => Math.max(value, 0)))
  expect(await run(add(bytes))).toEqual(Float32Array.from(left, (value, i) => value + (right[i] ?? 0)))
  expect(await run(reluBackward(bytes))).toEqual(
    Float32Array.from(left, (value, i) => ((right[i] ?? 0) > 0 ? value : 0)),
  )
})

test('relu lets NaN through', async () => {
  const { destination } = await runKernels(device(), [relu(16)], {
    source: 16,
    destination: new Float32Array(4),
  })
  expect(destination).toEqual(new Float32Array(4).fill(Number.NaN))
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

test.each(SHORTCUTS)('a shortcut of $name, forward and backward', async (shape) => {
  const { batch, height, width, channels } = shape
  const images = noise(batch * height * width * channels, 1)
  const expected = referenceShortcut(images, shape)
  const outChannels = shortcutOutput(shape).channels
  const source = packChannels(Float32Array.from(images), channels)
  const empty = packChannels(Float32Array.from(expected), outChannels).byteLength
  const forward = await runKernels(device(), [shortcut(shape)], { source, destination: empty })
  const output = unpackChannels(forward['destination'] ?? new Float32Array(), outChannels)
  expect(relativeError(output, expected)).toBeLessThan(shape.window === 1 ? 1e-30 : 1e-5)
  expect(packChannels(output, outChannels)).toEqual(forward['destination'])

  const gradient = noise(expected.length, 2)
  const backward = await runKernels(device(), [shortcutBackward(shape)], {
    source: packChannels(Float32Array.from(gradient), outChannels),
    destination: source.byteLength,
  })
  const result = unpackChannels(backward['destination'] ?? new Float32Array(), channels)
  expect(result).toEqual(Float32Array.from(shortcutGradient(gradient, shape)))
  expect(packChannels(result, channels)).toEqual(backward['destination'])
})

test.each([
  { batch: 1, height: 7, width: 5, channels: 3 },
  { batch: 17, height: 8, width: 8, channels: 33 },
])('global average pool of $batch × $height×$width×$channels, forward and backward', async (shape) => {
  const { batch, height, width, channels } = shape
  const pixels = height * width
  const images = noise(batch * pixels * channels, 1)
  const means = new Float64Array(batch * channels)
  for (const [i, value] of images.entries()) {
    const at = Math.floor(i / (pixels * channels)) * channels + (i % channels)
    means[at] = (means[at] ?? 0) + value / pixels
  }
  const source = packChannels(Float32Array.from(images), channels)
  const pooled = packChannels(Float32Array.from(means), channels)
  const forward = await runKernels(device(), [globalAvgPool(shape)], {
    source,
    destination: pooled.byteLength,
  })
  const output = unpackChannels(forward['destination'] ?? new Float32Array(), channels)
  expect(relativeError(output, means)).toBeLessThan(1e-5)

  const spread = Float64Array.from(images, (_, i) => {
    const at = Math.floor(i / (pixels * channels)) * channels + (i % channels)
    return (means[at] ?? 0) / pixels
  })
  const backward = await runKernels(device(), [globalAvgPoolBackward(shape)], {
    source: pooled,
    destination: source.byteLength,
  })
  const result = unpackChannels(backward['destination'] ?? new Float32Array(), channels)
  expect(relativeError(result, spread)).toBeLessThan(1e-5)
})
