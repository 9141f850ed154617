import type { KernelShare } from '../../contract/kernel-share.ts'
import { configOf, type Side } from '../../runs/pair.ts'
import type { LabStore } from '../lab-store.ts'
import type { WorkerClient } from '../worker-client.ts'

export type DevActions = ReturnType<typeof createDevActions>

/** For whoever works on the engine. */
export function createDevActions(store: LabStore, client: WorkerClient) {
  return {
    /**
     * The kernels of a training step of one side, the costliest first: as the session trains it, or as it is set up.
     * @throws AppError
     */
    profile: async (side: Side): Promise<readonly KernelShare[]> => {
      const { runs, setup } = store.getState()
      const config = runs[side]?.config ?? configOf(side, setup)
      return (await client.call({ kind: 'profile', config })).kernels
    },
  }
}
