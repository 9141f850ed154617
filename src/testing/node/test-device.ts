import { afterAll, beforeAll } from 'vitest'
import { createNodeGpu } from '../../cli/device/node-gpu.ts'

/**
 * A device for the tests of a file, given back after the last; the function returned gives it while they run.
 * @param features beyond those that every device has; where the adapter lacks one, the tests fail
 */
export function useTestDevice(features: GPUFeatureName[] = []): () => GPUDevice {
  let device: GPUDevice | null = null
  beforeAll(async () => {
    const { gpu } = await createNodeGpu()
    const adapter = await gpu.requestAdapter()
    if (!adapter) throw new Error('this driver gives no adapter')
    device = await adapter.requestDevice({ requiredFeatures: features })
  })
  afterAll(() => device?.destroy())
  return () => {
    if (!device) throw new Error('the device is there while tests run')
    return device
  }
}
