import type { GpuSource } from '../../engine/webgpu-device.ts'
import { createNodeGpu } from '../../cli/device/node-gpu.ts'

export type TrackedGpu = {
  readonly gpu: GpuSource
  /** Those it gave, in order. */
  readonly devices: readonly GPUDevice[]
  /** Destroys its devices; whoever asks for another gets none. */
  readonly close: () => void
}

/** A GPU whose devices a test can reach. */
export async function openTrackedGpu(): Promise<TrackedGpu> {
  const { gpu } = await createNodeGpu()
  const devices: GPUDevice[] = []
  let isClosed = false
  return {
    devices,
    close() {
      isClosed = true
      for (const device of devices) device.destroy()
    },
    gpu: {
      async requestAdapter(options) {
        const adapter = isClosed ? null : await gpu.requestAdapter(options)
        if (!adapter) return null
        const requestDevice = adapter.requestDevice.bind(adapter)
        const request: GPUAdapter['requestDevice'] = async (descriptor) => {
          const device = await requestDevice(descriptor)
          devices.push(device)
          return device
        }
        Object.defineProperty(adapter, 'requestDevice', { value: request })
        return adapter
      },
    },
  }
}
