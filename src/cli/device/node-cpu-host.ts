// The CPU engine in Node: its kernels from files, its threads from node:worker_threads.
import { readFile } from 'node:fs/promises'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../base/app-error.ts'
import type { CpuHost, Thread } from '../../engine/cpu/threads/host.ts'

const GENERATED = new URL('../../engine/cpu/generated/', import.meta.url)

/** Node 20's V8 knows relaxed SIMD by this flag only, from before a module is compiled; later ones know it without. */
setFlagsFromString('--experimental-wasm-relaxed-simd')

export const nodeCpuHost: CpuHost = {
  async load(module) {
    try {
      return await readFile(new URL(`${module}.wasm`, GENERATED))
    } catch (cause) {
      throw new AppError(
        'device-unavailable',
        'The CPU engine’s kernels are not built; `npm run kernels` builds them, as `npm ci` does.',
        { cause },
      )
    }
  },
  startThread: () => startNodeThread(),
}

/** What a thread of a page has and one of Node lacks: messages on `self`. */
const PRELUDE = `
const { parentPort, workerData } = require('node:worker_threads')
const early = []
let listener = (event) => early.push(event)
parentPort.on('message', (data) => listener({ data }))
globalThis.self = {
  postMessage: (message) => parentPort.postMessage(message),
  addEventListener(type, added) {
    listener = added
    for (const event of early) added(event)
  },
}
import(workerData)`

/** @param before source that the thread runs first */
export function startNodeThread(before = ''): Thread {
  const workerData = new URL('thread.mjs', GENERATED).href
  const worker = new Worker(`${before}\n${PRELUDE}`, { eval: true, workerData })
  // A process whose work is done ends, whatever threads wait for more.
  worker.unref()
  let isEnding = false
  return {
    postMessage: (request) => worker.postMessage(request),
    onMessage: (listener) => void worker.on('message', listener),
    onDeath(listener) {
      worker.on('error', (error) => listener(error.message))
      worker.on('exit', (code) => {
        if (!isEnding) listener(`the thread ended with code ${code}`)
      })
    },
    terminate() {
      isEnding = true
      void worker.terminate()
    },
  }
}
