// Runs programs on networks' memories: on a pool of threads, or, where threads cannot share memory, right here.
import type { Thread } from './host.ts'
import { instantiate } from './instance.ts'
import { type Run, threadReplySchema } from './thread-messages.ts'

export type Executor = {
  readonly threads: number
  /** Makes a memory known. @param own where the parts of the threads' own begin, and the bytes of each */
  attach(memory: WebAssembly.Memory, own: Parts, times: Parts): Attached
  dispose(): void
}

type Parts = { readonly address: number; readonly bytes: number }

type Attached = {
  /** One run at a time, of all the networks that are attached. */
  run(work: Pick<Run, 'stages' | 'first' | 'end'>, timed: boolean): Promise<void>
  detach(): void
}

/** @param onFailure told once, as soon as a thread has failed: nothing that runs will end, then */
export function createThreadPool(
  module: WebAssembly.Module,
  threads: readonly Thread[],
  onFailure: (reason: string) => void,
): Executor {
  let networks = 0
  let waiting: { left: number; done: () => void; failed: (error: Error) => void } | null = null
  let failure: Error | null = null

  function fail(reason: string): void {
    if (failure) return
    failure = new Error(reason)
    onFailure(reason)
    waiting?.failed(failure)
    waiting = null
  }

  for (const thread of threads) {
    thread.onMessage((message) => {
      const reply = threadReplySchema.parse(message)
      if (reply.kind === 'failed') return fail(reply.message)
      if (waiting && --waiting.left === 0) {
        const { done } = waiting
        waiting = null
        done()
      }
    })
    thread.onDeath(fail)
    thread.postMessage({ kind: 'begin', module })
  }

  return {
    threads: threads.length,
    attach(memory, own, times) {
      const network = networks++
      for (const [i, thread] of threads.entries()) {
        thread.postMessage({ kind: 'attach', network, memory, own: own.address + i * own.bytes })
      }
      return {
        run(work, timed) {
          if (failure) return Promise.reject(failure)
          return new Promise((done, failed) => {
            waiting = { left: threads.length, done, failed }
            for (const [i, thread] of threads.entries()) {
              const at = timed ? times.address + i * times.bytes : 0
              thread.postMessage({ kind: 'run', network, ...work, threads: threads.length, times: at })
            }
          })
        },
        detach() {
          for (const thread of threads) thread.postMessage({ kind: 'detach', network })
        },
      }
    },
    dispose() {
      for (const thread of threads) thread.terminate()
    },
  }
}

/** @param turn awaited before each run, so that whoever else uses this thread gets its turn */
export function createInlineExecutor(module: WebAssembly.Module, turn: () => Promise<void>): Executor {
  return {
    threads: 1,
    attach(memory, own, times) {
      const kernels = instantiate(module, memory, own.address)
      return {
        async run(work, timed) {
          await turn()
          kernels.run({ ...work, threads: 1, times: timed ? times.address : 0 })
        },
        detach: () => undefined,
      }
    },
    dispose: () => undefined,
  }
}
