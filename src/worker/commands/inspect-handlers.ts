import type { inspectCommands } from '../../contract/commands/inspect-commands.ts'
import { gather } from '../../training/sampler.ts'
import { featureGridPng } from '../../transfer/feature-grid-png.ts'
import { toRgba } from '../gallery.ts'
import { rankRunFeatures } from '../rank-run-features.ts'
import { selectParameters } from '../select-parameters.ts'
import type { Handlers } from './handlers.ts'

export const inspectHandlers: Handlers<keyof typeof inspectCommands> = {
  'read-parameters': async ({ run, roles }, { sessions }) =>
    selectParameters(await sessions.readRun(run), roles),

  async 'rank-features'({ run }, { sessions, engines, library, whitener, emit, yieldToEventLoop }) {
    const { config, state } = await sessions.readRun(run)
    const grid = await engines.use((engine) =>
      rankRunFeatures({
        config,
        weights: state,
        load: (split, limit) => library.load(config.data.set, split, limit),
        whiten: (order) => whitener.whiten(order, engine, yieldToEventLoop),
        engine,
        between(images, total) {
          emit({ kind: 'ranking', run, images, total })
          return yieldToEventLoop()
        },
      }),
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
