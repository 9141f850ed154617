import type { Engine } from '../engine/engine.ts'
import { createTfjsEngine } from '../engine/tfjs/tfjs-engine.ts'
import { createNodeGpu } from './node-gpu.ts'

/**
 * Runs `work` with an engine on this machine's GPU, or a software one, and gives the device back after it.
 * Whoever can act on a lost device sets `failures.listener`.
 */
export async function withEngine<T>(
  work: (engine: Engine, failures: { listener: (error: Error) => void }) => Promise<T>,
): Promise<T> {
  const { gpu, driver } = await createNodeGpu()
  const failures = { listener: (error: Error) => console.error(`lab: ${error.message}`) }
  const engine = await createTfjsEngine({ gpu, onFailure: (error) => failures.listener(error) })
  console.error(`${engine.info.adapter} (${driver}), ${engine.info.engine} on ${engine.info.backend}`)
  for (const reason of engine.info.fallbackReasons) console.error(reason)
  try {
    return await work(engine, failures)
  } finally {
    engine.dispose()
  }
}
