// Executes Graphs as compiled training steps in WebAssembly, on the machine's own cores.
import { AppError } from '../../base/app-error.ts'
import type { DeviceInfo } from '../../contract/device-info.ts'
import { assertStores } from '../assert-stores.ts'
import type { Engine } from '../engine.ts'
import { selfTest } from '../self-test.ts'
import { createCpuTrainer, type TrainerHost } from './cpu-trainer.ts'
import type { CpuHost } from './threads/host.ts'
import { openExecutor } from './threads/open-executor.ts'

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
  let isOpen = false
  let failure: AppError | null = null
  const { executor, module } = await openExecutor(host, options.threads, (reason) => {
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
    adapter: `CPU, ${cores}, WebAssembly SIMD${module === 'relaxed' ? '' : ' without fused multiply-add'}`,
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

const THREAD_LOST =
  'A thread of the CPU engine ended unexpectedly, so what it computed since the last checkpoint is lost.'
const NO_THREADS = [
  'device-unavailable',
  'The CPU engine’s threads could not be started; reload the page, or use another browser.',
] as const
