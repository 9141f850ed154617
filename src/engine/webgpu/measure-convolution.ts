import type { Candidate, Convolution } from './convolution-candidates.ts'
import type { Dispatch, Lowered, Operand } from './dispatch.ts'
import { guarded } from './guard.ts'
import { outputSide } from './kernels/conv-shape.ts'
import { WEIGHT_WINDOW_BYTES } from './kernels/filter-binding.ts'
import { activationBytes, filterBytes } from './layout.ts'
import type { PipelineCache } from './pipeline-cache.ts'
import { compilePlan, type Plan, submit } from './plan.ts'
import { planMemory } from './plan-memory.ts'

/** In one submission, so that its own cost does not count. */
const REPETITIONS = 8
const ROUNDS = 3

/**
 * Milliseconds of one execution on this device, the least of a few rounds; compiling does not count.
 * @throws AppError where the device does not compile or run the kernel, or has no memory for it
 */
export async function measureConvolution(
  device: GPUDevice,
  pipelines: PipelineCache,
  convolution: Convolution,
  candidate: Candidate,
): Promise<number> {
  const weightBytes = filterBytes(convolution.shape)
  const lowered = repeated(convolution, candidate, weightBytes)
  const memory = planMemory(lowered, device.limits)
  const taken: GPUBuffer[] = []
  const take = (size: number, usage: number) => {
    const buffer = device.createBuffer({ size, usage })
    taken.push(buffer)
    return buffer
  }
  let plan: Plan | null = null
  try {
    const { STORAGE, UNIFORM } = GPUBufferUsage
    const buffers = await guarded(device, () => ({
      arenas: memory.arenaBytes.map((size) => take(size, STORAGE)),
      buffers: { parameters: take(weightBytes + WEIGHT_WINDOW_BYTES, STORAGE | UNIFORM) },
    }))
    const made = await compilePlan(device, pipelines, { lowered, memory }, buffers)
    plan = made
    await guarded(device, () => submit(device, made))
    return await leastTime(device, made)
  } finally {
    plan?.destroy()
    for (const buffer of taken) buffer.destroy()
  }
}

async function leastTime(device: GPUDevice, plan: Plan): Promise<number> {
  await device.queue.onSubmittedWorkDone()
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now()
    submit(device, plan)
    await device.queue.onSubmittedWorkDone()
    least = Math.min(least, performance.now() - begun)
  }
  return least / REPETITIONS
}

function repeated({ pass, shape }: Convolution, { kernel, splits }: Candidate, weightBytes: number): Lowered {
  const { batch, height, width, stride, inChannels, outChannels } = shape
  const below = activationBytes(batch, { height, width, channels: inChannels })
  const above = activationBytes(batch, {
    height: outputSide(height, stride),
    width: outputSide(width, stride),
    channels: outChannels,
  })
  const [first, second] =
    pass === 'forward' ? [below, above] : pass === 'backward-data' ? [above, below] : [below, above]
  const tensor = (id: number, bytes: number) => ({ id, bytes, label: `${pass}, tensor ${id}` })
  const tensors = [tensor(0, first), tensor(1, second), tensor(2, splits * weightBytes)]
  const operand = (id: number): Operand => ({ tensor: id, bytes: tensors[id]?.bytes ?? 0 })
  const operands: Dispatch['operands'] =
    pass === 'backward-filter'
      ? { source: operand(0), gradient: operand(1), partials: operand(2) }
      : {
          source: operand(0),
          weights: { buffer: 'parameters', offset: 0, bytes: weightBytes },
          destination: operand(1),
        }
  const dispatch = { kernel: kernel({}), operands }
  return {
    tensors: pass === 'backward-filter' ? tensors : tensors.slice(0, 2),
    dispatches: Array.from({ length: REPETITIONS }, () => dispatch),
  }
}
