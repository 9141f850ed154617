import { expect, test } from 'vitest'
import { useTestDevice } from '../../../testing/node/test-device.ts'
import { dropoutFactors } from '../../dropout.ts'
import { packChannels } from '../memory/layout.ts'
import { dropout2d } from './dropout.ts'
import { runKernels } from '../device/run-kernel.ts'
import { noise } from '../../../testing/webgpu/test-noise.ts'

const device = useTestDevice()

test.each([
  { batch: 1, height: 3, width: 5, channels: 3, rate: 0.5, seed: 1, step: 0, layer: 0 },
  { batch: 3, height: 1, width: 1, channels: 5, rate: 0.02, seed: 2 ** 40 + 9, step: 63_999, layer: 1 },
  { batch: 17, height: 4, width: 4, channels: 33, rate: 0.25, seed: 2 ** 53 - 1, step: 2 ** 31, layer: 2 },
  { batch: 3, height: 7, width: 9, channels: 130, rate: 0.9, seed: 0, step: 12, layer: 65_535 },
  { batch: 2, height: 2, width: 2, channels: 16, rate: 0, seed: 3, step: 4, layer: 0 },
])(
  'dropout of $channels channels of $batch images at rate $rate drops those that TypeScript drops',
  async ({ batch, height, width, channels, ...draw }) => {
    const images = Float32Array.from(noise(batch * height * width * channels, 1))
    const source = packChannels(images, channels)
    const kernel = dropout2d({ batch, height, width, channels }, draw)
    const { destination } = await runKernels(
      device(),
      [kernel],
      { source, destination: source.byteLength },
      { number: draw.step },
    )
    const factors = dropoutFactors(draw, batch, channels)
    const expected = images.map((value, i) => {
      const image = Math.floor(i / (height * width * channels))
      return value * (factors[image * channels + (i % channels)] ?? Number.NaN)
    })
    expect(destination?.map((value) => value + 0)).toEqual(
      packChannels(expected, channels).map((value) => value + 0),
    )
  },
)
