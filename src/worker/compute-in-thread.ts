import { AppError } from '../base/app-error.ts'
import type { Whitening } from '../engine/engine.ts'
import type { ComputeWhitening, WhiteningWork } from '../training/whitening/compute-whitening.ts'
import { whiteningMessageSchema } from './whitening-messages.ts'

/** What of a `Worker` is used. */
type Thread = {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void
  terminate(): void
}

/** Computes whitenings in a thread each, which ends with them. @throws AppError `internal` where a thread dies */
export function computeInThread(start: () => Thread = startThread): ComputeWhitening {
  return async ({ from, normalisation, whitening }, pause) => {
    await pause(0)
    const thread = start()
    try {
      return await new Promise<Whitening>((resolve, reject) => {
        thread.addEventListener('error', (event) => reject(died(event.message)))
        thread.addEventListener('message', ({ data }) => {
          const message = whiteningMessageSchema.parse(data)
          if (message.kind === 'progress') pause(message.share).catch(reject)
          else if (message.kind === 'done') resolve({ matrix: message.matrix, mean: message.mean })
          else reject(new AppError(message.failure.code, message.failure.message))
        })
        thread.postMessage({ from: messageOf(from), normalisation, whitening })
      })
    } finally {
      thread.terminate()
    }
  }
}

/** No more than is read: labels and names stay here. */
function messageOf(from: WhiteningWork['from']): WhiteningWork['from'] {
  return 'products' in from ? from : { count: from.count, pixels: from.pixels }
}

function startThread(): Thread {
  return new Worker(new URL('./whitening-thread.ts', import.meta.url), { type: 'module' })
}

function died(message: string): AppError {
  const cause = new Error(message || 'its program could not be loaded')
  return new AppError(
    'internal',
    'The thread that computes the whitening ended unexpectedly; train again, or without whitening.',
    { cause },
  )
}
