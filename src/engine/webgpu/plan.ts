// A program compiled for one batch size: memory of its own, and a recording that a step replays.
import type { BufferRange, Lowered } from './dispatch.ts'
import { guarded } from './guard.ts'
import type { PipelineCache } from './pipeline-cache.ts'
import { planMemory } from './plan-memory.ts'
import { record, type Recording } from './record.ts'

export type LastingBuffers = Readonly<Partial<Record<BufferRange['buffer'], GPUBuffer>>>

export type Plan = Recording

/** @throws AppError `config-invalid`, `device-unavailable` or `device-lost`, as its parts do */
export async function compilePlan(
  device: GPUDevice,
  pipelines: PipelineCache,
  lowered: Lowered,
  buffers: LastingBuffers,
): Promise<Plan> {
  const { places, arenaBytes } = planMemory(lowered, device.limits)
  const compiled = await Promise.all(lowered.dispatches.map(({ kernel }) => pipelines.get(kernel)))
  const arenas: GPUBuffer[] = []
  const destroyArenas = () => {
    for (const arena of arenas) arena.destroy()
  }
  try {
    const recording = await guarded(
      device,
      () => {
        for (const [i, size] of arenaBytes.entries()) {
          arenas.push(device.createBuffer({ label: `arena ${i}`, size, usage: GPUBufferUsage.STORAGE }))
        }
        return record(device, lowered.dispatches, compiled, { places, arenas, buffers })
      },
      ({ destroy }) => destroy(),
    )
    return {
      ...recording,
      destroy() {
        recording.destroy()
        destroyArenas()
      },
    }
  } catch (error) {
    destroyArenas()
    throw error
  }
}

/** Executes a plan once. */
export function submit(device: GPUDevice, { encode }: Pick<Plan, 'encode'>): void {
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  encode(pass)
  pass.end()
  device.queue.submit([encoder.finish()])
}
