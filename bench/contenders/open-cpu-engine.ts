import { AppError } from '../../src/contract/app-error.ts'
import type { Engine } from '../../src/engine/engine.ts'

/** Our engine in WebAssembly. @throws AppError `device-unavailable` */
export async function openCpuEngine(threads: number): Promise<Engine> {
  throw new AppError(
    'device-unavailable',
    `The CPU engine is not built yet, for ${threads} threads or any other number.`,
  )
}
