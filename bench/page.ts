// The benchmark in a browser. in-page.ts waits for `perform`, calls it, listens to `tell` and answers `callPytorch`.
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import threadedSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import { callContender, type ContenderReply, type ContenderRequest } from './contender-call.ts'
import type { BenchEvent } from './events.ts'
import { type BenchOrder, noAdapter, perform, type Surroundings } from './perform.ts'

declare global {
  interface Window {
    perform(order: BenchOrder): Promise<void>
    tell(event: BenchEvent): Promise<void>
    /** PyTorch is a process, which a page cannot start. */
    callPytorch(request: ContenderRequest): Promise<ContenderReply>
  }
}

const SURROUNDINGS: Surroundings = {
  async openGpu() {
    if (!navigator.gpu) throw noAdapter()
    return navigator.gpu
  },
  openResidualLabCpu: (threads) => callContender(callsOf(startCpuWorker()), threads),
  openPytorch: (threads) => callContender((request) => window.callPytorch(request), threads),
  tfjsWasmFiles: {
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedSimd,
  },
  crossOriginIsolated: window.crossOriginIsolated,
}

window.perform = (order) => perform(order, SURROUNDINGS, (event) => void window.tell(event))

function startCpuWorker(): Worker {
  return new Worker(new URL('./cpu-worker.ts', import.meta.url), { type: 'module' })
}

/** Requests to a worker, which answers them in their order. */
function callsOf(worker: Worker): (request: ContenderRequest) => Promise<unknown> {
  const calls: PromiseWithResolvers<unknown>[] = []
  worker.addEventListener('message', ({ data }) => calls.shift()?.resolve(data))
  worker.addEventListener('error', ({ message }) => {
    for (const call of calls.splice(0)) call.reject(new Error(`The worker failed: ${message}`))
  })
  return (request) => {
    const call = Promise.withResolvers<unknown>()
    calls.push(call)
    worker.postMessage(request)
    return call.promise
  }
}
