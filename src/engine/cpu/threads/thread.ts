// A thread of the CPU engine: it runs what it is told on the memories that it was given, and says when it is done.
import { instantiate, type Kernels } from './instance.ts'
import type { ThreadReply, ThreadRequest } from './thread-messages.ts'

declare const self: DedicatedWorkerGlobalScope

let module: WebAssembly.Module | null = null
const networks = new Map<number, Kernels>()

const reply = (message: ThreadReply) => self.postMessage(message)

self.addEventListener('message', ({ data }: MessageEvent<ThreadRequest>) => {
  try {
    answer(data)
  } catch (error) {
    reply({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  }
})

function answer(request: ThreadRequest): void {
  switch (request.kind) {
    case 'begin':
      module = request.module
      return
    case 'attach':
      return reply({ kind: 'attached', network: request.network, refusal: attach(request) })
    case 'detach':
      networks.delete(request.network)
      return
    case 'run': {
      const kernels = networks.get(request.network)
      if (!kernels) throw new Error(`a thread was not given the memory of network ${request.network}`)
      kernels.run(request)
      return reply({ kind: 'done' })
    }
    default:
      request satisfies never
  }
}

/** @returns why there is no room for another instance; null where there is */
function attach({ network, memory, own }: Extract<ThreadRequest, { kind: 'attach' }>): string | null {
  if (!module) throw new Error('a thread was given memory before its kernels')
  try {
    networks.set(network, instantiate(module, memory, own))
    return null
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
}
