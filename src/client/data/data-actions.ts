import type { CommandOf, ReplyOf } from '../../contract/commands.ts'
import type { DataSetId } from '../../base/data-set.ts'
import { attempt, type LabStore } from '../lab-store.ts'
import type { WorkerClient } from '../worker-client.ts'

export type DataActions = ReturnType<typeof createDataActions>

/** What a person does to the data sets. A download's own failure is part of its status; these report the commands'. */
export function createDataActions(store: LabStore, client: WorkerClient) {
  const about = (kind: 'pause-fetch' | 'cancel-fetch' | 'remove-data') => (set: DataSetId) =>
    attempt(store, { place: 'data' }, () => client.call({ kind, set }))

  return {
    /** @param url a mirror's address; null for the page's own server */
    fetchData: (set: DataSetId, url: string | null) =>
      attempt(store, { place: 'data' }, () => client.call({ kind: 'fetch-data', set, url })),
    pauseFetch: about('pause-fetch'),
    cancelFetch: about('cancel-fetch'),
    removeData: about('remove-data'),
    importData: (files: File[]) =>
      attempt(store, { place: 'data', busy: 'import-data' }, () =>
        client.call({ kind: 'import-data', files }),
      ),
    /** @throws AppError */
    browse: (query: Omit<CommandOf<'browse'>, 'kind'>): Promise<ReplyOf<'browse'>> =>
      client.call({ kind: 'browse', ...query }),
    /** @throws AppError */
    previewAugmentation: (
      query: Omit<CommandOf<'preview-augmentation'>, 'kind'>,
    ): Promise<ReplyOf<'preview-augmentation'>> => client.call({ kind: 'preview-augmentation', ...query }),
    /** @throws AppError `aborted` where it was cancelled */
    computeWhitening: async (query: Omit<CommandOf<'compute-whitening'>, 'kind'>): Promise<void> => {
      await client.call({ kind: 'compute-whitening', ...query })
    },
    cancelWhitening: () => attempt(store, { place: 'data' }, () => client.call({ kind: 'cancel-whitening' })),
  }
}
