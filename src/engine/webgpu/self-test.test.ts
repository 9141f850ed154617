import { expect, test } from 'vitest'
import { firstCandidates } from './kernel-choice.ts'
import { createPipelineCache } from './pipeline-cache.ts'
import { createRecordingDevice } from './recording-device.ts'
import { selfTest } from './self-test.ts'

test('an adapter that computes nothing, without any error, is refused by its name', async () => {
  const recorder = createRecordingDevice()
  const host = {
    device: recorder.device,
    pipelines: createPipelineCache(recorder.device),
    kernels: {
      choose: async () => firstCandidates({ software: true, weightSpace: 'storage', quads: false }),
    },
    assertWorking() {},
    answer: <T>(work: Promise<T>) => work,
    fail() {},
  } as const
  await expect(selfTest(host, 'Mali-G1')).rejects.toMatchObject({
    code: 'device-unavailable',
    message: expect.stringMatching(/^Mali-G1 computes wrongly: the gradient of first\.weight/),
  })
  expect(recorder.livingBuffers()).toBe(0)
})
