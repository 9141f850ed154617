// A GPU device that computes nothing and counts everything: for tests of what the engine asks of a device.

export type Recorder = {
  readonly device: GPUDevice
  /** Objects made so far, by kind; command encoders and passes, which every submission needs, are not among them. */
  readonly created: {
    buffers: number
    bindGroups: number
    pipelines: number
    modules: number
    layouts: number
  }
  readonly counts: { submits: number; dispatches: number; passes: number; uploads: number; mapped: number }
  /** Buffers made and not destroyed. */
  readonly livingBuffers: () => number
  /** Bytes of them. */
  readonly livingBytes: () => number
  /** Fails the error scope that is popped after `skip` others, as an invalid command would. */
  readonly failScope: (skip?: number) => void
}

const LIMITS = {
  maxBufferSize: 256 * 2 ** 20,
  maxStorageBufferBindingSize: 128 * 2 ** 20,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxStorageBuffersPerShaderStage: 8,
}

export function createRecordingDevice(): Recorder {
  installConstants()
  const created = { buffers: 0, bindGroups: 0, pipelines: 0, modules: 0, layouts: 0 }
  const counts = { submits: 0, dispatches: 0, passes: 0, uploads: 0, mapped: 0 }
  const living = new Map<object, number>()
  let scopesUntilFailure = -1

  const createBuffer = ({ size }: GPUBufferDescriptor) => {
    created.buffers++
    const buffer = {
      size,
      async mapAsync() {
        counts.mapped++
      },
      getMappedRange: () => new ArrayBuffer(size),
      destroy: () => living.delete(buffer),
    }
    living.set(buffer, size)
    return buffer
  }
  const pass = {
    setPipeline() {},
    setBindGroup() {},
    dispatchWorkgroups(...workgroups: number[]) {
      if (workgroups.some((count) => count < 1 || count > LIMITS.maxComputeWorkgroupsPerDimension)) {
        throw new Error(`a dispatch of ${workgroups.join('×')} workgroups`)
      }
      counts.dispatches++
    },
    end() {},
  }
  const encoder = {
    beginComputePass() {
      counts.passes++
      return pass
    },
    copyBufferToBuffer() {},
    finish: () => ({}),
  }
  const device = {
    limits: LIMITS,
    features: new Set<string>(),
    createBuffer,
    createShaderModule: () => ({ kind: 'module', number: created.modules++ }),
    createBindGroupLayout({ entries }: GPUBindGroupLayoutDescriptor) {
      created.layouts++
      return { entries: [...entries] }
    },
    createPipelineLayout: () => ({}),
    createComputePipelineAsync: async () => ({ kind: 'pipeline', number: created.pipelines++ }),
    createBindGroup({ entries, layout }: BindGroupDescriptor) {
      const bound = [...entries].map(({ resource }) => assertInBuffer(resource))
      assertCompatible(bound, layout.entries)
      return { kind: 'bind group', number: created.bindGroups++ }
    },
    createCommandEncoder: () => encoder,
    pushErrorScope() {},
    async popErrorScope() {
      return scopesUntilFailure-- === 0 ? { message: 'a refused command' } : null
    },
    queue: {
      writeBuffer: () => void counts.uploads++,
      submit: () => void counts.submits++,
      onSubmittedWorkDone: async () => undefined,
    },
  }
  return {
    // oxlint-disable-next-line no-unsafe-type-assertion -- the engine uses no more of a device than this
    device: device as unknown as GPUDevice,
    created,
    counts,
    livingBuffers: () => living.size,
    livingBytes: () => [...living.values()].reduce((total, size) => total + size, 0),
    failScope(skip = 0) {
      scopesUntilFailure = skip
    },
  }
}

type BindGroupDescriptor = Pick<GPUBindGroupDescriptor, 'entries'> & {
  readonly layout: { readonly entries: readonly GPUBindGroupLayoutEntry[] }
}

/** One dispatch may not write a buffer that it also reads, wherever in the buffer. */
function assertCompatible(bound: readonly GPUBuffer[], entries: readonly GPUBindGroupLayoutEntry[]): void {
  const isWritten = (i: number) => entries[i]?.buffer?.type === 'storage'
  for (const [i, buffer] of bound.entries()) {
    const other = bound.findIndex((candidate, j) => candidate === buffer && isWritten(j) !== isWritten(i))
    if (other !== -1) throw new Error(`bindings ${i} and ${other} read and write one buffer`)
  }
}

function assertInBuffer(resource: GPUBindingResource): GPUBuffer {
  if (!('buffer' in resource)) throw new Error('a binding that is no buffer')
  const { buffer, offset = 0, size = 0 } = resource
  if (offset % 256 !== 0) throw new Error(`a binding at offset ${offset}`)
  if (size === 0 || offset + size > buffer.size) {
    throw new Error(`a binding of ${size} bytes at ${offset} in a buffer of ${buffer.size}`)
  }
  return buffer
}

/** WebGPU's flags, which Node lacks. */
function installConstants(): void {
  Object.assign(globalThis, {
    GPUBufferUsage: { MAP_READ: 1, COPY_SRC: 4, COPY_DST: 8, UNIFORM: 64, STORAGE: 128 },
    GPUShaderStage: { COMPUTE: 4 },
    GPUMapMode: { READ: 1 },
  })
}
