import { createNodeGpu } from '../../src/cli/device/node-gpu.ts'
import { createEngine } from '../../src/engine/create-engine.ts'
import type { Engine } from '../../src/engine/engine.ts'

/** The WebGPU engine on this machine's GPU, or its software one. Any failure ends the script. */
export async function openEngine(): Promise<{ readonly engine: Engine; readonly device: string }> {
  const { gpu, driver } = await createNodeGpu()
  const engine = await createEngine({
    engine: 'webgpu',
    gpu,
    onFailure: (error) => {
      throw error
    },
  })
  return { engine, device: `${engine.info.adapter}, ${driver}` }
}
