import type { DataSetId } from '../contract/data-set.ts'
import type { Side } from '../runs/pair.ts'
import { attempt, type LabStore } from './lab-store.ts'
import { newId } from './new-id.ts'
import { saveFile } from './save-file.ts'
import type { WorkerClient } from './worker-client.ts'

export type TakeHomeActions = ReturnType<typeof createTakeHomeActions>

/** Weights and metrics out, weights in. */
export function createTakeHomeActions(store: LabStore, client: WorkerClient) {
  return {
    exportWeights: (side: Side): Promise<void> => {
      const run = store.getState().runs[side]?.run
      if (run === undefined) return Promise.resolve()
      return attempt(store, { place: 'take-home', busy: 'export' }, async () => {
        const { fileName, bytes } = await client.call({ kind: 'export-weights', run })
        saveFile(fileName, bytes, 'application/octet-stream')
      })
    },

    /** Scores a safetensors file on a test split; the set-up's network serves where the file names none. */
    evaluateWeights: (file: File, set: DataSetId, limit: number | null) =>
      attempt(store, { place: 'take-home', busy: 'evaluate-weights' }, async () => {
        const { network, normalisation } = store.getState().setup
        const reply = await client.call({
          kind: 'evaluate-weights',
          file,
          set,
          limit,
          network,
          normalisation,
        })
        store.setState(({ imported }) => ({
          imported: [{ ...reply, key: newId(), fileName: file.name, set }, ...imported],
        }))
      }),

    forgetImported: (key: string): void => {
      store.setState(({ imported }) => ({ imported: imported.filter((other) => other.key !== key) }))
    },
  }
}
