import { availableParallelism } from 'node:os'
import type { AppError } from '../../base/app-error.ts'
import type { DeviceInfo } from '../../contract/device-info.ts'
import { type EngineChoice, type EngineSetting, threadsOf } from '../../contract/engine-setting.ts'
import { createEngine } from '../../engine/create-engine.ts'
import { createEngineSupply, type EngineSupply } from '../../engine/engine-supply.ts'
import type { GpuSource } from '../../engine/webgpu-device.ts'
import { nodeCpuHost } from './node-cpu-host.ts'

/** Told of an engine in use that has failed. */
export type EngineFailures = { listener: (error: AppError) => void }

/**
 * Runs `work` with engines as the setting asks, and gives their devices back after it. Whoever can act on a lost device
 * sets `failures.listener`.
 */
export async function withEngines<T>(
  setting: EngineSetting,
  work: (engines: EngineSupply, failures: EngineFailures) => Promise<T>,
): Promise<T> {
  const { engine } = setting
  const dawn = lazyDawn(engine)
  const failures: EngineFailures = { listener: (error) => console.error(`lab: ${error.message}`) }
  const engines = createEngineSupply({
    create: (onFailure) =>
      createEngine({
        ...(engine !== 'auto' && { engine }),
        gpu: dawn.gpu,
        cpu: { host: nodeCpuHost, threads: threadsOf(setting, availableParallelism()) },
        onFailure,
      }),
    onOpened: ({ info }) => console.error(engineLine(info, engine, dawn.driver())),
    // Whoever asked for it is told by its rejection.
    onRefused: () => undefined,
    onFailure: (error) => failures.listener(error),
  })
  try {
    await engines.get()
    return await work(engines, failures)
  } finally {
    engines.dispose()
  }
}

/** Dawn is loaded, and drivers are looked for, when somebody asks for an adapter: the CPU engine never does. */
function lazyDawn(choice: EngineChoice): { gpu: GpuSource; driver: () => string | null } {
  let driver: string | null = null
  return {
    gpu: {
      async requestAdapter(options) {
        const { createNodeGpu } = await import('./node-gpu.ts')
        const opened = await createNodeGpu(choice === 'auto' ? 'graphics cards' : 'all')
        driver = opened.driver
        return opened.gpu.requestAdapter(options)
      },
    },
    driver: () => driver,
  }
}

/** What trains, and why that. */
function engineLine(info: DeviceInfo, choice: EngineChoice, driver: string | null): string {
  return `${formatEngine(info, driver)}. ${reason(info, choice)}`
}

function formatEngine({ engine, backend, adapter }: DeviceInfo, driver: string | null): string {
  const device = driver !== null && backend === 'webgpu' ? `${adapter} (${driver})` : adapter
  switch (engine) {
    case 'cpu':
      return `Engine: ${device}`
    case 'webgpu':
      return `Engine: WebGPU on ${device}`
    case 'tfjs':
      return `Engine: TensorFlow.js on ${backend}, ${device}`
    default:
      return engine satisfies never
  }
}

function reason({ fallbackReasons }: DeviceInfo, choice: EngineChoice): string {
  if (choice !== 'auto') return [`Chosen with --engine ${choice}.`, ...fallbackReasons].join(' ')
  return fallbackReasons.length > 0 ? fallbackReasons.join(' ') : 'This machine has a graphics card.'
}
