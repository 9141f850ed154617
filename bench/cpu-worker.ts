// Our engine on the CPU in a worker, as in the lab itself: a page may not wait for its threads.
import { createPageCpuHost } from '../src/worker/page-cpu-host.ts'
import { answerCalls } from './contender-call.ts'
import { openResidualLabCpu } from './contenders/residual-lab.ts'

declare const self: DedicatedWorkerGlobalScope

const answer = answerCalls((threads) => openResidualLabCpu(createPageCpuHost(), threads))

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  void answer(data).then((reply) => self.postMessage(reply))
})
