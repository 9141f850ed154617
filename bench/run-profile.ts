// What each kernel of a step of our engine takes.
import type { Engine } from '../src/engine/engine.ts'
import { profileKernels } from '../src/engine/profile-kernels.ts'
import type { BenchEvent } from './events.ts'
import type { NetworkName } from './networks.ts'
import { compileOptions, createTask, OPTIMISER } from './task.ts'

export type ProfileRequest = { readonly networks: readonly NetworkName[]; readonly batch: number }

/** @throws AppError `device-unavailable` where the device keeps no time */
export async function runProfile(
  { networks, batch }: ProfileRequest,
  engine: Engine,
  emit: (event: BenchEvent) => void,
): Promise<void> {
  try {
    for (const network of networks) {
      const task = createTask(network, batch)
      const trainer = await engine.compile(task.graph, compileOptions(task))
      const kernels = await profileKernels(trainer, task.batch, OPTIMISER)
      trainer.dispose()
      emit({ kind: 'profiled', network, kernels })
    }
  } finally {
    engine.dispose()
  }
}
