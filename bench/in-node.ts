// Runs a benchmark in Node: WebGPU is Dawn's, and there is no WebGL.
import { nodeCpuHost } from '../src/cli/device/node-cpu-host.ts'
import { createNodeGpu } from '../src/cli/device/node-gpu.ts'
import { openPytorch } from './contenders/pytorch.ts'
import { measurePeak } from '../src/engine/cpu/threads/measure-peak.ts'
import { openExecutor } from '../src/engine/cpu/threads/open-executor.ts'
import type { BenchEvent } from './events.ts'
import { type BenchOrder, perform } from './perform.ts'
import { type ProfileRequest, runProfile } from './run-profile.ts'

export async function performInNode(order: BenchOrder, emit: (event: BenchEvent) => void): Promise<void> {
  const surroundings = {
    async openGpu() {
      const { gpu } = await createNodeGpu()
      // jax-js reads it, and Node before 21 has none.
      if (!('userAgent' in navigator)) Object.assign(navigator, { userAgent: 'Node.js' })
      return gpu
    },
    openResidualLabCpu: async (threads: number) =>
      (await import('./contenders/residual-lab.ts')).openResidualLabCpu(nodeCpuHost, threads),
    profileCpu,
    openPytorch: (threads: number) => openPytorch(threads),
    tfjsWasmFiles: null,
    crossOriginIsolated: null,
  }
  await perform(order, surroundings, emit)
}

async function profileCpu(
  request: ProfileRequest,
  threads: number,
  emit: (event: BenchEvent) => void,
): Promise<void> {
  const { openCpuEngine } = await import('./contenders/residual-lab.ts')
  const { executor } = await openExecutor(nodeCpuHost, threads, () => undefined)
  emit({ kind: 'peak', gigaflopsPerSecond: await measurePeak(executor, () => performance.now()) })
  executor.dispose()
  await runProfile(request, await openCpuEngine(nodeCpuHost, threads), emit)
}
