import { expect, test } from 'vitest'
import { firstCandidates } from './webgpu/kernel-choice.ts'
import { createPipelineCache } from './webgpu/device/pipeline-cache.ts'
import { createRecordingDevice } from '../testing/webgpu/recording-device.ts'
import { selfTest } from './self-test.ts'
import { createWebGpuTrainer } from './webgpu/webgpu-trainer.ts'

test('an adapter that computes nothing, without any error, is refused by its name', async () => {
  const recorder = createRecordingDevice()
  const host = {
    device: recorder.device,
    pipelines: createPipelineCache(recorder.device),
    kernels: {
      choose: async () => firstCandidates({ software: true, weightSpace: 'storage', subgroupQuads: false }),
    },
    assertWorking() {},
    answer: <T>(work: Promise<T>) => work,
    fail() {},
  } as const
  const tested = selfTest(
    (graph, options) => createWebGpuTrainer(host, graph, options),
    'Mali-G1',
    'update the driver',
  )
  await expect(tested).rejects.toMatchObject({
    code: 'device-unavailable',
    message: expect.stringMatching(/^Mali-G1 computes wrongly: the gradient of first\.weight/),
  })
  expect(recorder.livingBuffers()).toBe(0)
})
