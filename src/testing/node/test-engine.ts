// The engine that tests train with: the CPU's, which needs no device and is quick.
import type { AppError } from '../../base/app-error.ts'
import { createCpuEngine } from '../../engine/cpu/cpu-engine.ts'
import type { Engine } from '../../engine/engine.ts'
import { nodeCpuHost } from '../../cli/device/node-cpu-host.ts'

/** Two threads, so that what is shared between threads is tested on any machine. */
export function openTestEngine(onFailure: (error: AppError) => void): Promise<Engine> {
  return createCpuEngine({ host: nodeCpuHost, threads: 2, onFailure })
}
