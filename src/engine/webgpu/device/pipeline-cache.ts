// Pipelines by source and constants, for all trainers of a device: a pair's second network compiles nothing new.
import { AppError } from '../../../base/app-error.ts'
import type { Kernel, KernelBinding } from '../kernel.ts'

export type CompiledKernel = { readonly pipeline: GPUComputePipeline; readonly layout: GPUBindGroupLayout }

export type PipelineCache = {
  /** @throws AppError `device-unavailable` where the device cannot compile the kernel */
  get(kernel: Kernel): Promise<CompiledKernel>
}

const BUFFER_TYPES = {
  read: 'read-only-storage',
  'read-write': 'storage',
  uniform: 'uniform',
} as const satisfies Record<KernelBinding['access'], GPUBufferBindingType>

/** Equal where two kernels are one pipeline. */
export function pipelineKey({ wgsl, constants }: Kernel): string {
  return JSON.stringify([wgsl, constants])
}

export function createPipelineCache(device: GPUDevice): PipelineCache {
  const compiled = new Map<string, Promise<CompiledKernel>>()
  const layouts = new Map<string, GPUBindGroupLayout>()

  function layoutOf({ bindings }: Kernel): GPUBindGroupLayout {
    const key = bindings.map(({ access }) => access).join()
    const known = layouts.get(key)
    if (known) return known
    const entries = bindings.map(({ access }, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: BUFFER_TYPES[access] },
    }))
    const layout = device.createBindGroupLayout({ entries })
    layouts.set(key, layout)
    return layout
  }

  async function compile(kernel: Kernel): Promise<CompiledKernel> {
    const { label, wgsl, constants } = kernel
    const layout = layoutOf(kernel)
    const module = device.createShaderModule({ label, code: wgsl })
    try {
      const pipeline = await device.createComputePipelineAsync({
        label,
        layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: 'main', constants },
      })
      return { pipeline, layout }
    } catch (cause) {
      throw new AppError(
        'device-unavailable',
        `This graphics device does not compile the kernel ${label}; update its driver, or train with the tfjs engine.`,
        { cause },
      )
    }
  }

  return {
    get(kernel) {
      const key = pipelineKey(kernel)
      const known = compiled.get(key)
      if (known) return known
      const pending = compile(kernel)
      compiled.set(key, pending)
      return pending
    },
  }
}
