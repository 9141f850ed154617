// The whitening that a person asks for by itself, before any session needs it. One at a time.
import { AppError } from '../base/app-error.ts'
import type { CommandOf } from '../contract/commands.ts'
import type { TrainEvent } from '../contract/events.ts'
import type { DataLibrary } from '../data/data-library.ts'
import { imageNormalisation } from '../training/image-normalisation.ts'
import type { WhiteningOrder } from '../training/whitening/compute-whitening.ts'
import type { ChosenEngine } from './chosen-engine.ts'
import type { Whitener } from './whitener.ts'

type Ports = {
  readonly library: Pick<DataLibrary, 'load'>
  readonly whitener: Whitener
  readonly engines: Pick<ChosenEngine, 'use'>
  readonly emit: (event: TrainEvent) => void
}

export type WhiteningComputation = ReturnType<typeof createWhiteningComputation>

export function createWhiteningComputation({ library, whitener, engines, emit }: Ports) {
  let current: symbol | null = null

  /** Null where the images are not whitened. */
  async function orderOf({
    set,
    limitTrain,
    normalisation,
    whitening,
  }: Omit<CommandOf<'compute-whitening'>, 'kind'>): Promise<WhiteningOrder | null> {
    if (!whitening) return null
    const images = await library.load(set, 'train', limitTrain)
    return { images, normalisation: await imageNormalisation(normalisation, async () => images), whitening }
  }

  return {
    orderOf,

    /** @throws AppError `aborted` where it was cancelled, or another one was asked for */
    async compute(command: CommandOf<'compute-whitening'>): Promise<void> {
      const order = await orderOf(command)
      if (!order) return
      const mine = Symbol('whitening')
      current = mine
      try {
        await engines.use((engine) =>
          whitener.whiten(order, engine, async (share) => {
            if (current !== mine) throw new AppError('aborted', 'The whitening was cancelled.')
            emit({ kind: 'whitening', share })
          }),
        )
      } finally {
        if (current === mine) current = null
        emit({ kind: 'whitening', share: null })
      }
    },

    /** A whitening that a session waits for goes on. */
    cancel(): void {
      current = null
    },
  }
}
