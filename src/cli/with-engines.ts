import type { AppError } from '../contract/app-error.ts'
import type { EngineName } from '../contract/device-info.ts'
import { createEngine } from '../engine/create-engine.ts'
import { createEngineSupply, type EngineSupply } from '../engine/engine-supply.ts'
import { createNodeGpu } from './node-gpu.ts'

/** Told of an engine in use that has failed. */
export type EngineFailures = { listener: (error: AppError) => void }

/**
 * Runs `work` with engines on this machine’s GPU, or a software one, and gives the device back after it. Whoever can
 * act on a lost device sets `failures.listener`.
 * @param name the engine to use; null for ours, or its replacement
 */
export async function withEngines<T>(
  name: EngineName | null,
  work: (engines: EngineSupply, failures: EngineFailures) => Promise<T>,
): Promise<T> {
  const { gpu, driver } = await createNodeGpu()
  const failures: EngineFailures = { listener: (error) => console.error(`lab: ${error.message}`) }
  const engines = createEngineSupply({
    create: (onFailure) => createEngine({ ...(name === null ? {} : { engine: name }), gpu, onFailure }),
    onOpened({ info }) {
      console.error(`${info.adapter} (${driver}), ${info.engine} on ${info.backend}`)
      for (const reason of info.fallbackReasons) console.error(reason)
    },
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
