// A machine for the CPU engine whose threads can come to harm, for tests.
import type { CpuHost, Thread } from '../../engine/cpu/threads/host.ts'
import type { ThreadRequest } from '../../engine/cpu/threads/thread-messages.ts'
import { nodeCpuHost, startNodeThread } from '../../cli/device/node-cpu-host.ts'

/** The network that stands for the end of a thread, and one that nobody knows. */
const EXIT = -1
const UNKNOWN = 9999

const EXITS_WHEN_TOLD = `
require('node:worker_threads').parentPort.on('message', ({ kind, network }) => {
  if (kind === 'run' && network === ${EXIT}) process.exit(3)
})`

export type Harm = 'exits' | 'throws'

export type FragileHost = {
  readonly host: CpuHost
  /** What threads were told, all of them in one list. */
  readonly told: readonly ThreadRequest[]
  readonly threads: () => number
  /** The last thread that was started comes to harm where it should begin its next run but `runs`; the others begin it. */
  readonly harm: (how: Harm, runs?: number) => void
}

export function createFragileHost(): FragileHost {
  const told: ThreadRequest[] = []
  let started = 0
  let coming: { readonly how: Harm; runs: number } | null = null

  function startThread(): Thread {
    const thread = startNodeThread(EXITS_WHEN_TOLD)
    const number = ++started
    return {
      ...thread,
      postMessage(request) {
        told.push(request)
        if (request.kind !== 'run' || number !== started || !coming || coming.runs-- > 0)
          return thread.postMessage(request)
        const network = coming.how === 'exits' ? EXIT : UNKNOWN
        coming = null
        thread.postMessage({ ...request, network })
      },
    }
  }

  return {
    host: { ...nodeCpuHost, startThread },
    told,
    threads: () => started,
    harm(how, runs = 0) {
      coming = { how, runs }
    },
  }
}
