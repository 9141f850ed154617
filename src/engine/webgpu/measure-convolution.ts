import type { Candidate, Convolution } from './lowering/convolution-candidates.ts'
import type { Shape } from '../../network/graph.ts'
import { type Dispatch, dispatchOf, type Lowered, type Operand, type Tensor } from './lowering/dispatch.ts'
import { guarded } from './device/guard.ts'
import { outputSide } from './kernels/convolution/conv-shape.ts'
import { WEIGHT_WINDOW_BYTES } from './kernels/convolution/filter-binding.ts'
import { activationBytes, filterBytes, formatOf } from './memory/layout.ts'
import type { PipelineCache } from './device/pipeline-cache.ts'
import { compilePlan, type Plan, submit } from './plan.ts'
import { planMemory } from './memory/plan-memory.ts'

/** In one submission, so that its own cost does not count. */
const REPETITIONS = 8
const ROUNDS = 3

/**
 * Milliseconds of one execution on this device, the least of a few rounds; compiling does not count.
 * @param now in milliseconds
 * @throws AppError where the device does not compile or run the kernel, or has no memory for it
 */
export async function measureConvolution(
  device: GPUDevice,
  pipelines: PipelineCache,
  convolution: Convolution,
  candidate: Candidate,
  now: () => number,
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
    return await leastTime(device, made, now)
  } finally {
    plan?.destroy()
    for (const buffer of taken) buffer.destroy()
  }
}

async function leastTime(device: GPUDevice, plan: Plan, now: () => number): Promise<number> {
  await device.queue.onSubmittedWorkDone()
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const begun = now()
    submit(device, plan)
    await device.queue.onSubmittedWorkDone()
    least = Math.min(least, now() - begun)
  }
  return least / REPETITIONS
}

function repeated(
  { pass, shape, activations }: Convolution,
  { kernel, splits }: Candidate,
  weightBytes: number,
): Lowered {
  const { batch, height, width, stride, inChannels, outChannels } = shape
  const tensors: Tensor[] = []
  const take = (bytes: number): Operand => {
    const tensor = tensors.push({ id: tensors.length, bytes, label: `${pass}, tensor ${tensors.length}` }) - 1
    return { tensor, bytes }
  }
  const images = (image: Shape): Operand => {
    const format = formatOf(image, activations)
    return { ...take(activationBytes(batch, image, format)), format }
  }
  const below = images({ height, width, channels: inChannels })
  const above = images({
    height: outputSide(height, stride),
    width: outputSide(width, stride),
    channels: outChannels,
  })
  const weights: Operand = { buffer: 'parameters', offset: 0, bytes: weightBytes }
  const operands: Dispatch['operands'] =
    pass === 'backward-filter'
      ? { source: below, gradient: above, partials: take(splits * weightBytes) }
      : pass === 'forward'
        ? { source: below, weights, destination: above }
        : { source: above, weights, destination: below }
  const dispatch = dispatchOf(kernel({}), operands)
  return {
    tensors,
    dispatches: Array.from({ length: REPETITIONS }, () => dispatch),
  }
}
