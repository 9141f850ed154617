import type { Candidate, Convolution } from './convolution-candidates.ts'
import type { Dispatch, Lowered, Operand } from './dispatch.ts'
import { guarded } from './guard.ts'
import { outputSide } from './kernels/conv-shape.ts'
import { WEIGHT_WINDOW_BYTES } from './kernels/filter-binding.ts'
import { activationBytes, filterBytes } from './layout.ts'
import type { PipelineCache } from './pipeline-cache.ts'
import { compilePlan, type Plan, submit } from './plan.ts'

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
  const weights = filterBytes(convolution.shape)
  const { STORAGE, UNIFORM } = GPUBufferUsage
  const parameters = await guarded(
    device,
    () => device.createBuffer({ size: weights + WEIGHT_WINDOW_BYTES, usage: STORAGE | UNIFORM }),
    (made) => made.destroy(),
  )
  try {
    const plan = await compilePlan(device, pipelines, repeated(convolution, candidate, weights), {
      parameters,
    })
    try {
      await guarded(device, () => submit(device, plan))
      return await leastTime(device, plan)
    } finally {
      plan.destroy()
    }
  } finally {
    parameters.destroy()
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
