// Loads the kernels that this place can run, and opens threads for them.
import { AppError } from '../../../base/app-error.ts'
import { MOST_THREADS } from '../../../contract/engine-setting.ts'
import { createInlineExecutor, createThreadPool, type Executor } from './executor.ts'
import { type CpuHost, type ModuleName, MODULES } from './host.ts'

/**
 * @param threads as many as may work at once; one where threads cannot share memory
 * @param onFailure told once, why a thread has failed
 * @throws AppError `device-unavailable` where WebAssembly or its SIMD is missing
 */
export async function openExecutor(
  host: CpuHost,
  threads: number,
  onFailure: (reason: string) => void,
): Promise<{ readonly executor: Executor; readonly module: ModuleName }> {
  const { module, name } = await loadKernels(host)
  const { startThread } = host
  if (!startThread) return { executor: createInlineExecutor(module, nextTask, onFailure), module: name }
  const count = Math.max(1, Math.min(threads, MOST_THREADS))
  const pool = createThreadPool(module, Array.from({ length: count }, startThread), onFailure)
  return { executor: pool, module: name }
}

async function loadKernels({ load }: CpuHost): Promise<{ module: WebAssembly.Module; name: ModuleName }> {
  if (typeof WebAssembly !== 'object') throw new AppError('device-unavailable', NO_WEBASSEMBLY)
  for (const name of MODULES) {
    const bytes = await load(name)
    if (WebAssembly.validate(bytes)) return { module: await WebAssembly.compile(bytes), name }
  }
  throw new AppError('device-unavailable', NO_SIMD)
}

const NO_WEBASSEMBLY =
  'This browser runs no WebAssembly; allow it in the browser’s settings, or use another one.'
const NO_SIMD =
  'This browser’s WebAssembly has no SIMD or no atomics, which the CPU engine needs; use Chrome 91, Firefox 89 or Safari 16.4, or a later one.'

/** Lets messages that have come in be heard. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage(null)
  })
}
