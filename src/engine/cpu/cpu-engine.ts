// Executes Graphs as compiled training steps in WebAssembly, on the machine's own cores.
import { AppError } from '../../contract/app-error.ts'
import type { DeviceInfo } from '../../contract/device-info.ts'
import { MOST_THREADS } from '../../contract/engine-setting.ts'
import { assertStores } from '../assert-stores.ts'
import type { Engine } from '../engine.ts'
import { selfTest } from '../self-test.ts'
import { createCpuTrainer, type TrainerHost } from './cpu-trainer.ts'
import { createInlineExecutor, createThreadPool, type Executor } from './executor.ts'
import { type CpuHost, type ModuleName, MODULES } from './host.ts'

export type CpuEngineOptions = {
  readonly host: CpuHost
  /** As many as may work at once; one where threads cannot share memory. */
  readonly threads: number
  /** Why a faster engine was not used; empty where none was looked for. */
  readonly reasons?: readonly string[]
  /** Told once, as soon as nothing that the engine computes can be trusted any more. */
  readonly onFailure: (error: AppError) => void
}

/** @throws AppError `device-unavailable` where WebAssembly or its SIMD is missing, or computes wrongly */
export async function createCpuEngine(options: CpuEngineOptions): Promise<Engine> {
  const { host, reasons = [], onFailure } = options
  const { module, name } = await loadKernels(host)
  let isOpen = false
  let failure: AppError | null = null
  const executor = openExecutor(options, module, (reason) => {
    const [code, message] = isOpen ? (['device-lost', THREAD_LOST] as const) : NO_THREADS
    failure = new AppError(code, message, { cause: new Error(reason) })
    // Before that, whoever opens the engine hears of it.
    if (isOpen) onFailure(failure)
  })
  let turn: Promise<unknown> = Promise.resolve()
  const trainers: TrainerHost = {
    executor,
    assertWorking() {
      if (failure) throw failure
    },
    async inTurn(work) {
      const mine = turn.then(() => {
        trainers.assertWorking()
        return work()
      })
      turn = mine.catch(() => undefined)
      try {
        return await mine
      } catch (error) {
        // What follows from the loss of a thread goes by its name.
        throw failure ?? error
      }
    },
  }
  const { threads } = executor
  const cores = threads === 1 ? 'one thread' : `${threads} threads`
  const info: DeviceInfo = {
    engine: 'cpu',
    backend: 'wasm',
    adapter: `CPU, ${cores}, WebAssembly SIMD${name === 'relaxed' ? '' : ' without fused multiply-add'}`,
    software: true,
    threads,
    activationFormats: ['f32'],
    fallbackReasons: [...reasons],
  }
  const compile: Engine['compile'] = async (graph, compileOptions) => {
    trainers.assertWorking()
    assertStores(info, compileOptions.activations)
    try {
      return await createCpuTrainer(trainers, graph, compileOptions)
    } catch (error) {
      throw failure ?? error
    }
  }
  try {
    await selfTest(compile, 'WebAssembly SIMD in this browser', 'update the browser, or use another one')
  } catch (error) {
    executor.dispose()
    throw error
  }
  isOpen = true
  return { info, compile, dispose: () => executor.dispose() }
}

async function loadKernels({ load }: CpuHost): Promise<{ module: WebAssembly.Module; name: ModuleName }> {
  if (typeof WebAssembly !== 'object') throw new AppError('device-unavailable', NO_WEBASSEMBLY)
  for (const name of MODULES) {
    const bytes = await load(name)
    if (WebAssembly.validate(bytes)) return { module: await WebAssembly.compile(bytes), name }
  }
  throw new AppError('device-unavailable', NO_SIMD)
}

const THREAD_LOST =
  'A thread of the CPU engine ended unexpectedly, so what it computed since the last checkpoint is lost.'
const NO_THREADS = [
  'device-unavailable',
  'The CPU engine’s threads could not be started; reload the page, or use another browser.',
] as const
const NO_WEBASSEMBLY =
  'This browser runs no WebAssembly; allow it in the browser’s settings, or use another one.'
const NO_SIMD =
  'This browser’s WebAssembly has no SIMD or no atomics, which the CPU engine needs; use Chrome 91, Firefox 89 or Safari 16.4, or a later one.'

function openExecutor(
  { host, threads }: CpuEngineOptions,
  module: WebAssembly.Module,
  onFailure: (reason: string) => void,
): Executor {
  const { startThread } = host
  if (!startThread) return createInlineExecutor(module, nextTask)
  const count = Math.max(1, Math.min(threads, MOST_THREADS))
  return createThreadPool(module, Array.from({ length: count }, startThread), onFailure)
}

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
