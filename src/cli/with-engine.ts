import type { EngineName } from '../contract/device-info.ts'
import type { Engine } from '../engine/engine.ts'
import { createEngine } from '../engine/create-engine.ts'
import { createNodeGpu } from './node-gpu.ts'

/**
 * Runs `work` with an engine on this machine’s GPU, or a software one, and gives the device back after it. Whoever can
 * act on a lost device sets `failures.listener`.
 * @param name the engine to use; null for ours, or its replacement
 */
export async function withEngine<T>(
  name: EngineName | null,
  work: (engine: Engine, failures: { listener: (error: Error) => void }) => Promise<T>,
): Promise<T> {
  const { gpu, driver } = await createNodeGpu()
  const failures = { listener: (error: Error) => console.error(`lab: ${error.message}`) }
  const engine = await createEngine({
    ...(name === null ? {} : { engine: name }),
    gpu,
    onFailure: (error) => failures.listener(error),
  })
  console.error(`${engine.info.adapter} (${driver}), ${engine.info.engine} on ${engine.info.backend}`)
  for (const reason of engine.info.fallbackReasons) console.error(reason)
  try {
    return await work(engine, failures)
  } finally {
    engine.dispose()
  }
}
