import type { inspectCommands } from '../../contract/commands/inspect-commands.ts'
import { rankRunFeatures } from '../../operations/rank-run-features.ts'
import { gather } from '../../training/sampler.ts'
import { featureGridPng } from '../../transfer/feature-grid-png.ts'
import { toRgba } from '../gallery.ts'
import { selectParameters } from '../select-parameters.ts'
import type { Handlers } from './handlers.ts'
import { operationPorts } from './operation-ports.ts'

export const inspectHandlers: Handlers<keyof typeof inspectCommands> = {
  'read-parameters': async ({ run, roles }, { sessions }) =>
    selectParameters(await sessions.readRun(run), roles),

  async 'rank-features'({ run }, services) {
    const { config, state } = await services.sessions.readRun(run)
    const grid = await services.engines.use((engine) =>
      rankRunFeatures(
        { config, weights: state },
        {
          ...operationPorts(services, engine),
          onProgress: (images, total) => services.emit({ kind: 'ranking', run, images, total }),
        },
      ),
    )
    return { config, steps: state.steps, grid }
  },

  async pictures({ set, indices }, { library }) {
    const { pixels, labels } = gather(await library.load(set, 'test', null), indices)
    return { indices, labels: Array.from(labels), rgba: toRgba(pixels) }
  },

  async 'draw-features'({ set, grid }, { library }) {
    const { pixels } = await library.load(set, 'test', grid.images)
    return { bytes: await featureGridPng(grid, pixels) }
  },
}
