import { expect, test } from 'vitest'
import { useTestDevice } from '../../../../testing/node/test-device.ts'
import { packChannels, unpackChannels } from '../../memory/layout.ts'
import { maxPool as referencePool, maxPoolGradient } from '../../../reference/max-pool.ts'
import { maxPool, maxPoolBackward, type MaxPoolShape } from './max-pool.ts'
import { runKernels } from '../../device/run-kernel.ts'
import { noise } from '../../../../testing/webgpu/test-noise.ts'

const device = useTestDevice()

const SHAPES: readonly MaxPoolShape[] = [
  { batch: 3, height: 4, width: 4, channels: 16, window: 4 },
  { batch: 17, height: 8, width: 12, channels: 5, window: 4 },
  { batch: 1, height: 11, width: 6, channels: 33, window: 4 },
  { batch: 2, height: 7, width: 5, channels: 130, window: 4 },
  { batch: 1, height: 5, width: 7, channels: 3, window: 3 },
]

async function pool(images: Float64Array, shape: MaxPoolShape): Promise<Float32Array> {
  const { batch, height, width, channels, window } = shape
  const values = batch * Math.floor(height / window) * Math.floor(width / window) * channels
  const { destination } = await runKernels(device(), [maxPool(shape)], {
    source: packChannels(Float32Array.from(images), channels),
    destination: packChannels(new Float32Array(values), channels).byteLength,
  })
  return unpackChannels(destination ?? new Float32Array(), channels)
}

async function poolGradient(gradient: Float64Array, images: Float64Array, shape: MaxPoolShape) {
  const source = packChannels(Float32Array.from(images), shape.channels)
  const { destination } = await runKernels(device(), [maxPoolBackward(shape)], {
    source,
    gradient: packChannels(Float32Array.from(gradient), shape.channels),
    destination: source.byteLength,
  })
  const result = unpackChannels(destination ?? new Float32Array(), shape.channels)
  expect(packChannels(result, shape.channels)).toEqual(destination)
  return result
}

test.each(SHAPES)(
  'the largest of $window×$window pixels of $height×$width×$channels, forward and backward',
  async (shape) => {
    const images = noise(shape.batch * shape.height * shape.width * shape.channels, 1)
    const expected = referencePool(images, shape)
    expect(await pool(images, shape)).toEqual(Float32Array.from(expected))
    const gradient = noise(expected.length, 2)
    expect(await poolGradient(gradient, images, shape)).toEqual(
      Float32Array.from(maxPoolGradient(gradient, images, shape)),
    )
  },
)

test('of several largest pixels the first has the gradient', async () => {
  const shape = { batch: 3, height: 8, width: 4, channels: 4, window: 4 }
  // Like images after ReLU: most windows have several zeros, some nothing else.
  const images = noise(shape.batch * 8 * 4 * 4, 3).map((value) => Math.max(0, Math.round(value - 1)))
  const gradient = noise(shape.batch * 2 * 4, 4)
  expect(await poolGradient(gradient, images, shape)).toEqual(
    Float32Array.from(maxPoolGradient(gradient, images, shape)),
  )
})

test('NaN in a window is its largest', async () => {
  const shape = { batch: 1, height: 4, width: 4, channels: 4, window: 4 }
  const images = noise(64, 5)
  images[4 * 5 + 2] = Number.NaN
  const pooled = await pool(images, shape)
  expect(Array.from(pooled, Number.isNaN)).toEqual([false, false, true, false])
})
