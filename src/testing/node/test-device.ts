import { beforeAll } from 'vitest'
import { createNodeGpu } from '../../cli/device/node-gpu.ts'

/** By their features. Tests of one process share them, and with them every pipeline that `runKernels` has compiled. */
const devices = new Map<string, Promise<GPUDevice>>()

/**
 * A device for kernels, which tests must leave as they found it; the function returned gives it while they run.
 * @param features beyond those that every device has; where the adapter lacks one, the tests fail
 */
export function useTestDevice(features: GPUFeatureName[] = []): () => GPUDevice {
  let device: GPUDevice | null = null
  beforeAll(async () => {
    const key = features.toSorted().join()
    const opened = devices.get(key) ?? openDevice(features)
    devices.set(key, opened)
    device = await opened
  })
  return () => {
    if (!device) throw new Error('the device is there while tests run')
    return device
  }
}

async function openDevice(requiredFeatures: GPUFeatureName[]): Promise<GPUDevice> {
  const { gpu } = await createNodeGpu()
  const adapter = await gpu.requestAdapter()
  if (!adapter) throw new Error('this driver gives no adapter')
  return adapter.requestDevice({ requiredFeatures })
}
