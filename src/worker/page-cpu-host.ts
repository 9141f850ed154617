// The CPU engine in a page: its kernels from the server, its threads as workers of the training worker.
import { AppError } from '../base/app-error.ts'
import type { CpuHost, Thread } from '../engine/cpu/threads/host.ts'

declare const self: DedicatedWorkerGlobalScope

const MODULE_URLS = {
  relaxed: new URL('../engine/cpu/generated/relaxed.wasm', import.meta.url),
  plain: new URL('../engine/cpu/generated/plain.wasm', import.meta.url),
} as const

export function createPageCpuHost(): CpuHost {
  return {
    async load(module) {
      try {
        const response = await self.fetch(MODULE_URLS[module])
        if (!response.ok) throw new Error(`the server answered ${response.status}`)
        return await response.arrayBuffer()
      } catch (cause) {
        throw new AppError(
          'device-unavailable',
          'The CPU engine could not be loaded from this site; check the connection, and reload the page.',
          { cause },
        )
      }
    },
    // Memory is shared with threads of isolated pages only.
    startThread: self.crossOriginIsolated ? startThread : null,
  }
}

function startThread(): Thread {
  const worker = new Worker(new URL('../engine/cpu/threads/thread.ts', import.meta.url), { type: 'module' })
  return {
    postMessage: (request) => worker.postMessage(request),
    onMessage: (listener) =>
      worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => listener(data)),
    onDeath(listener) {
      worker.addEventListener('error', ({ message }) =>
        listener(message || 'the thread could not be started'),
      )
      worker.addEventListener('messageerror', () => listener('the thread got a message that it cannot read'))
    },
    terminate: () => worker.terminate(),
  }
}
