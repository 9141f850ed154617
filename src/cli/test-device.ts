import { afterAll, beforeAll } from 'vitest'
import { createNodeGpu } from './node-gpu.ts'

/** A device for the tests of a file, given back after the last; the function returned gives it while they run. */
export function useTestDevice(): () => GPUDevice {
  let device: GPUDevice | null = null
  beforeAll(async () => {
    const { gpu } = await createNodeGpu()
    const adapter = await gpu.requestAdapter()
    if (!adapter) throw new Error('this driver gives no adapter')
    device = await adapter.requestDevice()
  })
  afterAll(() => device?.destroy())
  return () => {
    if (!device) throw new Error('the device is there while tests run')
    return device
  }
}
