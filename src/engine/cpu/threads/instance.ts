// The kernels' module on one memory, as one thread has it.
import type { Run } from './thread-messages.ts'

export type Kernels = { readonly run: (work: Run) => void }

/** @param own where this thread's own part of the memory begins */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory, own: number): Kernels {
  const instance = new WebAssembly.Instance(module, {
    env: { memory },
    run: { now: () => performance.now() },
  })
  const { setOwn, run } = instance.exports
  if (typeof setOwn !== 'function' || typeof run !== 'function')
    throw new Error('these are no kernels of ours')
  setOwn(own)
  return { run: ({ stages, first, end, threads, times }) => void run(stages, first, end, threads, times) }
}
