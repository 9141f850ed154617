// Runs kernels on plain arrays and reads back what they wrote: for tests and measurements, not for training.
import { encodeStep, type Kernel, type StepValues } from '../kernel.ts'
import { pipelineKey } from './pipeline-cache.ts'
import { WEIGHT_WINDOW_BYTES } from '../kernels/convolution/filter-binding.ts'

/** What a binding holds before the first kernel; a number makes it that many bytes of NaN. */
export type Operand =
  | Float32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | number

const QUIET_NAN = 0x7fc00000
/** Keeps every size a legal copy and a legal uniform. */
const SIZE_ALIGNMENT = 16

/**
 * Runs kernels one after the other over tensors that they share by name.
 * @param step what the kernels read of it; zeros where absent
 * @returns the bytes of every tensor afterwards, as float32
 * @throws Error on a WebGPU validation error, a missing operand or a failed shader
 */
export async function runKernels(
  device: GPUDevice,
  kernels: readonly Kernel[],
  operands: Readonly<Record<string, Operand>>,
  step: Partial<StepValues> = {},
): Promise<Record<string, Float32Array>> {
  device.pushErrorScope('validation')
  const owned: GPUBuffer[] = []
  const own = (buffer: GPUBuffer) => {
    owned.push(buffer)
    return buffer
  }
  try {
    const buffers = Object.fromEntries(
      Object.entries(operands).map(([name, operand]) => [name, own(createOperand(device, operand))]),
    )
    const encoder = device.createCommandEncoder()
    for (const kernel of kernels) {
      const inputs = {
        ...buffers,
        dims: own(createOperand(device, Uint32Array.from(kernel.dims))),
        step: own(createOperand(device, new Uint8Array(encodeStep(step)))),
      }
      await encodeKernel(device, encoder, kernel, inputs)
    }
    const reads = Object.entries(buffers).map(([name, buffer]) => {
      const copy = own(
        device.createBuffer({ size: buffer.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST }),
      )
      encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size)
      return { name, copy, bytes: operandBytes(operands[name]) }
    })
    device.queue.submit([encoder.finish()])
    return await readAll(reads)
  } finally {
    const error = await device.popErrorScope()
    for (const buffer of owned) buffer.destroy()
    // oxlint-disable-next-line no-unsafe-finally -- a validation error is the cause of whatever failed after it
    if (error) throw new Error(error.message)
  }
}

async function readAll(
  reads: readonly { name: string; copy: GPUBuffer; bytes: number }[],
): Promise<Record<string, Float32Array>> {
  const results: Record<string, Float32Array> = {}
  for (const { name, copy, bytes } of reads) {
    await copy.mapAsync(0x1)
    results[name] = new Float32Array(copy.getMappedRange().slice(0, bytes))
  }
  return results
}

async function encodeKernel(
  device: GPUDevice,
  encoder: GPUCommandEncoder,
  kernel: Kernel,
  buffers: Readonly<Record<string, GPUBuffer>>,
): Promise<void> {
  const pipeline = await pipelineOf(device, kernel)
  const entries = kernel.bindings.map(({ name, part }, binding) => {
    const buffer = buffers[name]
    if (!buffer) throw new Error(`${kernel.label} wants an operand named ${name}`)
    const size = buffer.size - WEIGHT_WINDOW_BYTES
    const resource = part ? { buffer, offset: part.offset, size: part.bytes } : { buffer, size }
    return { binding, resource }
  })
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
  pass.dispatchWorkgroups(...kernel.workgroups)
  pass.end()
}

/** Kernels of many shapes are one pipeline, which software adapters compile anew each time that it is made. */
const pipelines = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>()

function pipelineOf(device: GPUDevice, kernel: Kernel): Promise<GPUComputePipeline> {
  const known = pipelines.get(device) ?? new Map<string, Promise<GPUComputePipeline>>()
  pipelines.set(device, known)
  const key = pipelineKey(kernel)
  const pipeline = known.get(key) ?? createPipeline(device, kernel)
  known.set(key, pipeline)
  return pipeline
}

async function createPipeline(device: GPUDevice, kernel: Kernel): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ label: kernel.label, code: kernel.wgsl })
  const { messages } = await module.getCompilationInfo()
  const failure = messages.find(({ type }) => type === 'error')
  if (failure) throw new Error(`${kernel.label}, line ${failure.lineNum}: ${failure.message}\n${kernel.wgsl}`)
  return device.createComputePipeline({
    layout: 'auto',
    compute: { module, entryPoint: 'main', constants: kernel.constants },
  })
}

function createOperand(device: GPUDevice, operand: Operand): GPUBuffer {
  const bytes = typeof operand === 'number' ? poison(operand) : operand
  const aligned = Math.max(1, Math.ceil(bytes.byteLength / SIZE_ALIGNMENT)) * SIZE_ALIGNMENT
  const size = aligned + WEIGHT_WINDOW_BYTES
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage
  const buffer = device.createBuffer({ size, usage: STORAGE | UNIFORM | COPY_SRC | COPY_DST })
  device.queue.writeBuffer(buffer, 0, bytes)
  return buffer
}

function operandBytes(operand: Operand | undefined): number {
  return typeof operand === 'number' ? operand : (operand?.byteLength ?? 0)
}

function poison(bytes: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array(bytes / 4).fill(QUIET_NAN)
}
