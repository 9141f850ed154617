// A worker of the training worker: it computes one whitening, for minutes, while the other hears commands and trains.
import { toFailure } from '../base/app-error.ts'
import { computeWhitening } from '../training/whitening/compute-whitening.ts'
import { workSchema, type WhiteningMessage } from './whitening-messages.ts'

declare const self: DedicatedWorkerGlobalScope

const send = (message: WhiteningMessage, transfer: Transferable[] = []) => self.postMessage(message, transfer)

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => void answer(data))

async function answer(data: unknown): Promise<void> {
  try {
    const { matrix, mean } = await computeWhitening(workSchema.parse(data), async (share) =>
      send({ kind: 'progress', share }),
    )
    send({ kind: 'done', matrix, mean }, [matrix.buffer, mean.buffer])
  } catch (error) {
    send({ kind: 'failed', failure: toFailure(error) })
  }
}
