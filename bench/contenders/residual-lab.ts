// Our engines. In a step they upload the batch as bytes, decode it on the device and keep batch norm's running
// statistics; of the others only PyTorch does one of the three.
import { createEngine } from '../../src/engine/create-engine.ts'
import type { CpuHost } from '../../src/engine/cpu/threads/host.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { GpuSource } from '../../src/engine/webgpu-device.ts'
import type { Contender } from '../contender.ts'
import { createKernelChoices } from '../kernel-choices.ts'
import { compileOptions, OPTIMISER } from '../task.ts'

/** @throws AppError `device-unavailable` */
export async function openResidualLab(gpu: GpuSource): Promise<Contender> {
  return contenderOf(await openWebGpuEngine(gpu))
}

/** @throws AppError `device-unavailable` */
export async function openResidualLabCpu(host: CpuHost, threads: number): Promise<Contender> {
  return contenderOf(await openCpuEngine(host, threads))
}

// What a device fails at, the trainer throws.
const onFailure = () => undefined

/** @throws AppError `device-unavailable` */
export function openWebGpuEngine(gpu: GpuSource): Promise<Engine> {
  return createEngine({ engine: 'webgpu', gpu, choices: createKernelChoices(), onFailure })
}

/** @throws AppError `device-unavailable` */
export function openCpuEngine(host: CpuHost, threads: number): Promise<Engine> {
  return createEngine({ engine: 'cpu', cpu: { host, threads }, onFailure })
}

function contenderOf(engine: Engine): Contender {
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
