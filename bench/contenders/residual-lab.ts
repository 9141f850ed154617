// Our engine. In a step it uploads the batch as bytes, decodes it on the device and keeps batch norm's running
// statistics, none of which the others do here.
import { createEngine } from '../../src/engine/create-engine.ts'
import type { GpuSource } from '../../src/engine/webgpu-device.ts'
import type { Contender } from '../contender.ts'
import { createKernelChoices } from '../kernel-choices.ts'
import { compileOptions, OPTIMISER } from '../task.ts'

/** @throws AppError `device-unavailable` */
export async function openResidualLab(gpu: GpuSource): Promise<Contender> {
  // What the device fails at, the trainer throws.
  const engine = await createEngine({
    engine: 'webgpu',
    gpu,
    choices: createKernelChoices(),
    onFailure: () => undefined,
  })
  return {
    adapter: engine.info.adapter,
    async prepare(task) {
      const trainer = await engine.compile(task.graph, compileOptions(task))
      return {
        async train(steps) {
          for (let i = 0; i < steps; i++) trainer.step(task.batch, OPTIMISER)
          const metrics = await trainer.drain()
          return metrics.at(-1)?.loss ?? Number.NaN
        },
        dispose: () => trainer.dispose(),
      }
    },
    dispose: () => engine.dispose(),
  }
}
