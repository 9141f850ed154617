// Runs a benchmark in Node: WebGPU is Dawn's, and there is no WebGL.
import { nodeCpuHost } from '../src/cli/node-cpu-host.ts'
import { createNodeGpu } from '../src/cli/node-gpu.ts'
import { openPytorch } from './contenders/pytorch.ts'
import type { BenchEvent } from './events.ts'
import { type BenchOrder, perform } from './perform.ts'

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
    openPytorch: (threads: number) => openPytorch(threads),
    tfjsWasmFiles: null,
    crossOriginIsolated: null,
  }
  await perform(order, surroundings, emit)
}
