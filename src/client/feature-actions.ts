import type { CommandOf, ReplyOf } from '../contract/commands.ts'
import type { DataSetId } from '../base/data-set.ts'
import type { Side } from '../runs/pair.ts'
import { attempt, type LabStore } from './lab-store.ts'
import { saveFile } from './save-file.ts'
import type { WorkerClient } from './worker-client.ts'

export type FeatureActions = ReturnType<typeof createFeatureActions>

/** What a network's last features answer to. */
export function createFeatureActions(store: LabStore, client: WorkerClient) {
  return {
    /** Ranks the test images of a side's run by each of its features, with its weights as they are now. */
    rankFeatures: (side: Side): Promise<void> => {
      const run = store.getState().runs[side]?.run
      if (run === undefined) return Promise.resolve()
      return attempt(store, { place: 'features', busy: 'rank-features' }, async () => {
        store.setState({ ranking: null })
        const { config, steps, grid } = await client.call({ kind: 'rank-features', run })
        store.setState({ ranked: { run, side, set: config.data.set, steps, grid } })
      })
    },

    /**
     * A run's batch-norm parameters of these roles, with its weights as they are now; of a stored run, as of its last
     * checkpoint. @throws AppError `run-absent`, `run-damaged`, `weights-too-large`
     */
    readParameters: (
      run: string,
      roles: CommandOf<'read-parameters'>['roles'] = ['scale', 'shift'],
    ): Promise<ReplyOf<'read-parameters'>> => client.call({ kind: 'read-parameters', run, roles }),

    /** Test images by their places. @throws AppError */
    pictures: (set: DataSetId, indices: number[]): Promise<ReplyOf<'pictures'>> =>
      client.call({ kind: 'pictures', set, indices }),

    /** Saves what was ranked last as a PNG file. */
    saveFeatures: (): Promise<void> =>
      attempt(store, { place: 'features', busy: 'draw-features' }, async () => {
        const { ranked } = store.getState()
        if (!ranked) return
        const { set, side, steps, grid } = ranked
        const { bytes } = await client.call({ kind: 'draw-features', set, grid })
        saveFile(`residual-lab-features-${side}-step-${steps}.png`, bytes, 'image/png')
      }),
  }
}
