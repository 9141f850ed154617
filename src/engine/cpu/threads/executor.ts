// Runs programs on networks' memories: on a pool of threads, or, where threads cannot share memory, right here.
import type { Thread } from './host.ts'
import { instantiate } from './instance.ts'
import { type Run, type ThreadReply, threadReplySchema } from './thread-messages.ts'

export type Executor = {
  readonly threads: number
  /**
   * Makes a memory known.
   * @param own where the parts of the threads' own begin, and the bytes of each
   * @throws RangeError where a thread has no room for it
   */
  attach(memory: WebAssembly.Memory, own: Parts, times: Parts): Promise<Attached>
  /** What still runs, or is told to run later, is refused. */
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
  const attaching = new Map<number, Waiting>()
  let running: Waiting | null = null
  let ended: Error | null = null

  function end(reason: string): void {
    ended = new Error(reason)
    for (const waiting of [...attaching.values(), ...(running ? [running] : [])]) waiting.failed(ended)
    attaching.clear()
    running = null
  }

  function fail(reason: string): void {
    if (ended) return
    end(reason)
    onFailure(reason)
  }

  /** Settles once every thread has answered. */
  function allThreads(keep: (waiting: Waiting) => void): Promise<void> {
    if (ended) return Promise.reject(ended)
    return new Promise((done, failed) => {
      keep({ left: threads.length, refusal: null, done, failed })
    })
  }

  function hear(reply: ThreadReply): void {
    switch (reply.kind) {
      case 'failed':
        return fail(reply.message)
      case 'done':
        if (running && answered(running)) running = null
        return
      case 'attached': {
        const waiting = attaching.get(reply.network)
        if (!waiting) return
        waiting.refusal ??= reply.refusal
        if (answered(waiting)) attaching.delete(reply.network)
        return
      }
      default:
        reply satisfies never
    }
  }

  for (const thread of threads) {
    thread.onMessage((message) => hear(threadReplySchema.parse(message)))
    thread.onDeath(fail)
    thread.postMessage({ kind: 'begin', module })
  }

  return {
    threads: threads.length,
    async attach(memory, own, times) {
      const network = networks++
      const attached = allThreads((waiting) => attaching.set(network, waiting))
      for (const [i, thread] of threads.entries()) {
        thread.postMessage({ kind: 'attach', network, memory, own: own.address + i * own.bytes })
      }
      const detach = () => {
        for (const thread of threads) thread.postMessage({ kind: 'detach', network })
      }
      try {
        await attached
      } catch (error) {
        detach()
        throw error
      }
      return {
        run(work, timed) {
          const done = allThreads((waiting) => {
            running = waiting
          })
          if (ended) return done
          for (const [i, thread] of threads.entries()) {
            const at = timed ? times.address + i * times.bytes : 0
            thread.postMessage({ kind: 'run', network, ...work, threads: threads.length, times: at })
          }
          return done
        },
        detach,
      }
    },
    dispose() {
      if (!ended) end('the engine was closed')
      for (const thread of threads) thread.terminate()
    },
  }
}

/** For an answer of every thread. */
type Waiting = {
  left: number
  /** Why one of them has no room; null where all have. */
  refusal: string | null
  readonly done: () => void
  readonly failed: (error: Error) => void
}

/** Notes an answer. @returns whether it was the last */
function answered(waiting: Waiting): boolean {
  if (--waiting.left > 0) return false
  if (waiting.refusal === null) waiting.done()
  else waiting.failed(new RangeError(waiting.refusal))
  return true
}

/**
 * @param turn awaited before each run, so that whoever else uses this thread gets its turn
 * @param onFailure told where a kernel fails: nothing that it should have computed is there
 */
export function createInlineExecutor(
  module: WebAssembly.Module,
  turn: () => Promise<void>,
  onFailure: (reason: string) => void,
): Executor {
  let isClosed = false
  return {
    threads: 1,
    async attach(memory, own, times) {
      const kernels = instantiate(module, memory, own.address)
      return {
        async run(work, timed) {
          await turn()
          if (isClosed) throw new Error('the engine was closed')
          try {
            kernels.run({ ...work, threads: 1, times: timed ? times.address : 0 })
          } catch (error) {
            onFailure(error instanceof Error ? error.message : String(error))
            throw error
          }
        },
        detach: () => undefined,
      }
    },
    dispose() {
      isClosed = true
    },
  }
}
