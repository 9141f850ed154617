import { expect, test } from 'vitest'
import { useTestDevice } from '../../testing/node/test-device.ts'
import { type Convolution, convolutionCandidates } from './lowering/convolution-candidates.ts'
import { measureConvolution } from './measure-convolution.ts'
import { createPipelineCache } from './device/pipeline-cache.ts'

const device = useTestDevice()

test.each(['forward', 'backward-data', 'backward-filter'] as const)(
  'the time of a %s kernel is an eighth of the fastest of three submissions of eight',
  async (pass) => {
    const convolution: Convolution = {
      pass,
      activations: 'f32',
      shape: { batch: 100, height: 8, width: 8, inChannels: 4, outChannels: 4, kernel: 1, stride: 1 },
    }
    const [candidate] = convolutionCandidates(convolution, {
      software: true,
      weightSpace: 'uniform',
      subgroupQuads: false,
    })
    const readings = [100, 164, 200, 240, 300, 380]
    const now = () => readings.shift() ?? Number.NaN
    const pipelines = createPipelineCache(device())
    expect(await measureConvolution(device(), pipelines, convolution, candidate, now)).toBe(40 / 8)
    expect(readings).toEqual([])
  },
)

test('a convolution that the device has no memory for is an AppError, and the device goes on', async () => {
  const pipelines = createPipelineCache(device())
  const convolution: Convolution = {
    pass: 'forward',
    activations: 'f32',
    shape: { batch: 60_000, height: 32, width: 32, inChannels: 64, outChannels: 64, kernel: 1, stride: 1 },
  }
  const [candidate] = convolutionCandidates(convolution, {
    software: true,
    weightSpace: 'uniform',
    subgroupQuads: false,
  })
  await expect(
    measureConvolution(device(), pipelines, convolution, candidate, () => 0),
  ).rejects.toMatchObject({
    name: 'AppError',
  })
  device().pushErrorScope('validation')
  device().createBuffer({ size: 256, usage: GPUBufferUsage.STORAGE }).destroy()
  expect(await device().popErrorScope()).toBeNull()
})
