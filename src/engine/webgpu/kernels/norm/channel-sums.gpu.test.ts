import { expect, test } from 'vitest'
import { useTestDevice } from '../../../../testing/node/test-device.ts'
import { packChannels, unpackChannels, vectorBytes } from '../../memory/layout.ts'
import { sumByChannel } from '../../../reference/batch-norm.ts'
import { channelSums } from './channel-sums.ts'
import { type ImagesShape, pixelParts } from '../images/pixel-parts.ts'
import { relativeError } from '../../../../testing/webgpu/relative-error.ts'
import { runKernels } from '../../device/run-kernel.ts'
import { sumPartials } from '../optimise/sum-partials.ts'
import { noise } from '../../../../testing/webgpu/test-noise.ts'

const device = useTestDevice()

/** @param counted images that are in the sums */
async function sums(images: Float64Array, shape: ImagesShape, counted: number): Promise<Float32Array> {
  const bytes = vectorBytes(shape.channels)
  const splits = pixelParts(shape)
  const total = sumPartials([{ partialsOffset: 0, splits, gradientOffset: 256, bytes }])
  const { gradients } = await runKernels(
    device(),
    [channelSums(shape), total],
    {
      source: packChannels(Float32Array.from(images), shape.channels),
      partials: splits * bytes,
      gradients: 256 + bytes,
    },
    { images: counted },
  )
  return unpackChannels(gradients?.subarray(256 / 4) ?? new Float32Array(), shape.channels)
}

test.each([
  { batch: 1, height: 5, width: 7, channels: 3, counted: 1 },
  { batch: 3, height: 3, width: 3, channels: 130, counted: 3 },
  { batch: 17, height: 8, width: 8, channels: 33, counted: 17 },
  { batch: 17, height: 8, width: 8, channels: 16, counted: 3 },
  { batch: 17, height: 32, width: 4, channels: 5, counted: 1 },
])(
  'the channel sums of $counted of $batch images of $height×$width×$channels are the float64 ones',
  async ({ counted, ...shape }) => {
    const { batch, height, width, channels } = shape
    const images = noise(batch * height * width * channels, 1)
    const expected = sumByChannel(images.subarray(0, counted * height * width * channels), channels, (v) => v)
    const found = await sums(images, shape, counted)
    expect(relativeError(found, expected)).toBeLessThan(1e-5)
    expect(await sums(images, shape, counted)).toEqual(found)
  },
)
