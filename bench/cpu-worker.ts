// Our engine on the CPU in a worker, as in the lab itself: a page may not wait for its threads.
import { answerCalls } from './contender-call.ts'
import { openResidualLabCpu } from './contenders/residual-lab.ts'

const answer = answerCalls(openResidualLabCpu)

self.addEventListener('message', ({ data }) => {
  void answer(data).then((reply) => self.postMessage(reply))
})
