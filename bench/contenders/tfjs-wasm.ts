// TensorFlow.js on its WebAssembly backend, which computes networks and lacks some of their gradients.
import * as tf from '@tensorflow/tfjs'
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import type { Contender } from '../contender.ts'
import { formatThreads } from '../thread-count.ts'
import { contenderOf } from './tfjs.ts'

/** Its three modules, by the names that it knows them by. */
export type TfjsWasmFiles = Readonly<
  Record<`tfjs-backend-wasm${'' | '-simd' | '-threaded-simd'}.wasm`, string>
>

/** @param files where the modules are served; null where it finds them itself, in Node */
export async function openTfjsWasm(threads: number, files: TfjsWasmFiles | null): Promise<Contender> {
  if (files) setWasmPaths(files)
  setThreadsCount(threads)
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js did not open its wasm backend.')
  const hasThreads = await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT')
  const contender = contenderOf({
    name: 'wasm',
    adapter: `WebAssembly, ${formatThreads(hasThreads ? threads : 1)}`,
    failure: () => null,
    close: () => undefined,
  })
  return {
    ...contender,
    async prepare(task) {
      const training = await contender.prepare(task)
      return {
        ...training,
        train: (steps) => training.train(steps).catch((error: unknown) => explainMissingKernel(error)),
      }
    },
  }
}

/** @throws Error that says so where the backend has no kernel for something, and otherwise what it was given */
export function explainMissingKernel(error: unknown): never {
  const [, kernel, backend] =
    /Kernel '(\w+)' not registered for backend '(\w+)'/.exec(error instanceof Error ? error.message : '') ??
    []
  if (kernel === undefined) throw error
  throw new Error(`It cannot train: TensorFlow.js has no kernel ${kernel} on its ${backend} backend.`, {
    cause: error,
  })
}
