// Runs a benchmark in Node on Dawn, which has WebGPU and no WebGL.
import { createNodeGpu } from '../src/cli/node-gpu.ts'
import type { BenchEvent } from './events.ts'
import { type BenchOrder, perform } from './perform.ts'

export async function performInNode(order: BenchOrder, emit: (event: BenchEvent) => void): Promise<void> {
  const { gpu } = await createNodeGpu()
  // jax-js reads it, and Node before 21 has none.
  if (!('userAgent' in navigator)) Object.assign(navigator, { userAgent: 'Node.js' })
  await perform(order, gpu, emit)
}
