// What each kernel of a step of our engine takes.
import { createEngine } from '../src/engine/create-engine.ts'
import type { KernelTime } from '../src/engine/engine.ts'
import type { GpuSource } from '../src/engine/webgpu-device.ts'
import { AppError } from '../src/contract/app-error.ts'
import type { BenchEvent } from './events.ts'
import type { NetworkName } from './networks.ts'
import { summarise } from './statistics.ts'
import { compileOptions, createTask, OPTIMISER } from './task.ts'

export type ProfileRequest = { readonly networks: readonly NetworkName[]; readonly batch: number }

/** Of each kernel the median of so many steps is told. */
const PROFILED_STEPS = 5

/** @throws AppError `device-unavailable` where the device keeps no time */
export async function runProfile(
  { networks, batch }: ProfileRequest,
  gpu: GpuSource,
  emit: (event: BenchEvent) => void,
): Promise<void> {
  const engine = await createEngine({ engine: 'webgpu', gpu, onFailure: () => undefined })
  try {
    for (const network of networks) {
      const task = createTask(network, batch)
      const trainer = await engine.compile(task.graph, compileOptions(task))
      if (!trainer.profile) {
        throw new AppError(
          'device-unavailable',
          `${engine.info.adapter} offers no timestamp queries; profile on another adapter.`,
        )
      }
      const steps: KernelTime[][] = []
      for (let step = 0; step < PROFILED_STEPS; step++)
        steps.push(await trainer.profile(task.batch, OPTIMISER))
      trainer.dispose()
      emit({ kind: 'profiled', network, kernels: medians(steps) })
    }
  } finally {
    engine.dispose()
  }
}

/** @param steps the same kernels in each, at least one step */
function medians(steps: readonly (readonly KernelTime[])[]): KernelTime[] {
  return (steps[0] ?? []).map(({ label, flops, bytes }, i) => {
    const { median } = summarise(steps.map((step) => step[i]?.milliseconds ?? 0))
    return { label, flops, bytes, milliseconds: median }
  })
}
