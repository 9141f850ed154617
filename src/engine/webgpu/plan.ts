// A program compiled for one batch size: a recording that a step replays.
import { guarded } from './device/guard.ts'
import type { PlacedProgram } from './network-plan.ts'
import type { PipelineCache } from './device/pipeline-cache.ts'
import { type Memory, record, type Recording } from './device/record.ts'

export type Plan = Recording

/** @throws AppError `device-unavailable`, `device-lost` or `out-of-memory`, as its parts do */
export async function compilePlan(
  device: GPUDevice,
  pipelines: PipelineCache,
  { lowered, memory }: PlacedProgram,
  { arenas, buffers }: Pick<Memory, 'arenas' | 'buffers'>,
): Promise<Plan> {
  const compiled = await Promise.all(lowered.dispatches.map(({ kernel }) => pipelines.get(kernel)))
  return guarded(
    device,
    () => record(device, lowered.dispatches, compiled, { places: memory.places, arenas, buffers }),
    ({ destroy }) => destroy(),
  )
}

/** Executes a plan once, or only its dispatches from `first` up to `end`. */
export function submit(
  device: GPUDevice,
  { encode }: Pick<Plan, 'encode'>,
  first?: number,
  end?: number,
): void {
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  encode(pass, first, end)
  pass.end()
  device.queue.submit([encoder.finish()])
}
