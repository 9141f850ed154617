// From plain data to GPU objects, once: bind groups and the constants that kernels read. A step replays them.
import { type BufferRange, type Dispatch, operandOf } from '../lowering/dispatch.ts'
import type { Kernel, KernelBinding } from '../kernel.ts'
import type { CompiledKernel } from './pipeline-cache.ts'
import { aligned } from '../../compiler/place-lifetimes.ts'
import type { MemoryPlan } from '../memory/plan-memory.ts'

export type Recording = {
  /** Of each dispatch. */
  readonly kernels: readonly Kernel[]
  /** All dispatches, or those from `first` up to `end`. */
  readonly encode: (pass: GPUComputePassEncoder, first?: number, end?: number) => void
  /** The dispatches that are the first of their pipeline, ascending. */
  readonly firstUses: readonly number[]
  readonly destroy: () => void
}

/** The buffers that the dispatches' operands lie in. */
export type Memory = {
  readonly places: MemoryPlan['places']
  readonly arenas: readonly GPUBuffer[]
  readonly buffers: Readonly<Partial<Record<BufferRange['buffer'], GPUBuffer>>>
}

type Recorded = {
  readonly pipeline: GPUComputePipeline
  readonly group: GPUBindGroup
  readonly workgroups: Kernel['workgroups']
}

/** @param compiled the pipeline of each dispatch, in their order */
export function record(
  device: GPUDevice,
  dispatches: readonly Dispatch[],
  compiled: readonly CompiledKernel[],
  memory: Memory,
): Recording {
  const dims = uploadDims(device, dispatches)
  const recorded = dispatches.map((dispatch, i): Recorded => {
    const { label, bindings, workgroups } = dispatch.kernel
    const made = compiled[i]
    if (!made) throw new Error(`${label} was not compiled`)
    const entries = bindings.map((bound, binding) => ({
      binding,
      resource: bound.name === 'dims' ? dims.bufferOf(dispatch.kernel) : addressOf(dispatch, bound, memory),
    }))
    const group = device.createBindGroup({ label, layout: made.layout, entries })
    return { pipeline: made.pipeline, group, workgroups }
  })
  return {
    kernels: dispatches.map(({ kernel }) => kernel),
    firstUses: recorded.flatMap(({ pipeline }, i) =>
      recorded.findIndex((other) => other.pipeline === pipeline) === i ? [i] : [],
    ),
    encode(pass, first = 0, end = recorded.length) {
      let current: GPUComputePipeline | null = null
      for (const [i, { pipeline, group, workgroups }] of recorded.entries()) {
        if (i < first || i >= end) continue
        if (pipeline !== current) pass.setPipeline(pipeline)
        current = pipeline
        pass.setBindGroup(0, group)
        pass.dispatchWorkgroups(...workgroups)
      }
    },
    destroy: () => dims.destroy(),
  }
}

function addressOf(dispatch: Dispatch, { name, part }: KernelBinding, memory: Memory): GPUBufferBinding {
  const operand = operandOf(dispatch, name)
  if ('tensor' in operand) {
    const place = memory.places[operand.tensor]
    const buffer = memory.arenas[place?.arena ?? -1]
    if (!place || !buffer)
      throw new Error(`tensor ${operand.tensor} of ${dispatch.kernel.label} has no place`)
    return { buffer, offset: place.offset, size: operand.bytes }
  }
  const buffer = memory.buffers[operand.buffer]
  if (!buffer) throw new Error(`there is no buffer ${operand.buffer} for ${dispatch.kernel.label}`)
  return { buffer, offset: operand.offset + (part?.offset ?? 0), size: part?.bytes ?? operand.bytes }
}

/** Every distinct `dims` once, in one uniform buffer. */
function uploadDims(device: GPUDevice, dispatches: readonly Dispatch[]) {
  const offsets = new Map<string, { offset: number; dims: readonly number[] }>()
  let bytes = 0
  for (const { kernel } of dispatches) {
    const key = kernel.dims.join()
    if (kernel.dims.length === 0 || offsets.has(key)) continue
    offsets.set(key, { offset: bytes, dims: kernel.dims })
    bytes += aligned(kernel.dims.length * Uint32Array.BYTES_PER_ELEMENT)
  }
  const buffer = device.createBuffer({
    label: 'dims',
    size: Math.max(bytes, 1),
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  })
  const words = new Uint32Array(bytes / Uint32Array.BYTES_PER_ELEMENT)
  for (const { offset, dims } of offsets.values()) words.set(dims, offset / Uint32Array.BYTES_PER_ELEMENT)
  device.queue.writeBuffer(buffer, 0, words)
  return {
    bufferOf(kernel: Kernel): GPUBufferBinding {
      const place = offsets.get(kernel.dims.join())
      if (!place) throw new Error(`${kernel.label} binds dims but has none`)
      return { buffer, offset: place.offset, size: kernel.dims.length * Uint32Array.BYTES_PER_ELEMENT }
    },
    destroy: () => buffer.destroy(),
  }
}
