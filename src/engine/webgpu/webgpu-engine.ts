// Executes Graphs as compiled training steps on WebGPU.
import { AppError } from '../../base/app-error.ts'
import type { DeviceInfo } from '../../contract/device-info.ts'
import { assertStores } from '../assert-stores.ts'
import type { Engine } from '../engine.ts'
import { selfTest } from '../self-test.ts'
import type { AdapterTraits } from './lowering/convolution-candidates.ts'
import {
  type ChoiceStore,
  createKernelChooser,
  firstCandidates,
  type KernelChooser,
} from './kernel-choice.ts'
import { measureConvolution } from './measure-convolution.ts'
import { subgroupsAreQuads } from './lowering/subgroup-neighbours.ts'
import { createPipelineCache, type PipelineCache } from './device/pipeline-cache.ts'
import { sumPixelProducts } from './sum-pixel-products.ts'
import type { TrainerDevice } from './device/trainer-device.ts'
import { createWebGpuTrainer } from './webgpu-trainer.ts'

export type WebGpuEngineOptions = {
  /** Whoever opened it hears of its loss and of errors that nobody caught. */
  readonly device: GPUDevice
  /** Called when the engine is disposed of. */
  readonly close: () => void
  readonly info: Omit<DeviceInfo, 'engine' | 'backend' | 'activationFormats'>
  /** Why nothing that the device computes is right any more; null while it is well. */
  readonly failure: () => AppError | null
  /** Where measured choices of kernels are kept, and the milliseconds for measuring more; null to measure nothing. */
  readonly measuring: { readonly store: ChoiceStore; readonly budget: number } | null
  /** Told of a failure that the engine finds itself. */
  readonly onFailure: (error: AppError) => void
}

/** @throws AppError `device-unavailable` where the device computes wrongly */
export async function createWebGpuEngine({
  device,
  close,
  info,
  failure,
  measuring,
  onFailure,
}: WebGpuEngineOptions): Promise<Engine> {
  let found: AppError | null = null
  const pipelines = createPipelineCache(device)

  function assertWorking(): void {
    const reason = failure() ?? found
    if (reason) throw reason
  }

  function fail(error: unknown): void {
    if (found ?? failure()) return
    found = error instanceof AppError ? error : new AppError('device-lost', STOPPED, { cause: error })
    onFailure(found)
  }

  const host: TrainerDevice = {
    device,
    pipelines,
    kernels: chooserFor(device, pipelines, info.adapter, await traitsOf(device, info), measuring),
    assertWorking,
    fail,
    async answer(work) {
      try {
        return await work
      } catch (error) {
        // How WebGPU rejects what a lost device owes; anything else is a mistake of ours, or told already.
        if (error instanceof DOMException) fail(error)
        throw error
      } finally {
        // A device that failed answers with stale values, or in its own words: its failure goes first.
        assertWorking()
      }
    },
  }
  await selfTest(
    (graph, options) => createWebGpuTrainer(host, graph, options),
    info.adapter,
    'update the graphics driver, or use another browser',
  )
  const complete: DeviceInfo = {
    ...info,
    engine: 'webgpu',
    backend: 'webgpu',
    activationFormats: device.features.has('shader-f16') ? ['f32', 'f16'] : ['f32'],
  }
  return {
    info: complete,
    async compile(graph, options) {
      host.assertWorking()
      assertStores(complete, options.activations)
      return host.answer(createWebGpuTrainer(host, graph, options))
    },
    pixelProducts: (images, pause) => sumPixelProducts(host, images, pause),
    dispose: close,
  }
}

const STOPPED = 'The graphics device stopped answering.'

function chooserFor(
  device: GPUDevice,
  pipelines: PipelineCache,
  adapter: string,
  traits: AdapterTraits,
  measuring: WebGpuEngineOptions['measuring'],
): KernelChooser {
  if (!measuring) return { choose: async () => firstCandidates(traits) }
  const now = () => performance.now()
  return createKernelChooser({
    adapter,
    traits,
    ...measuring,
    measure: (convolution, candidate) => measureConvolution(device, pipelines, convolution, candidate, now),
    now,
  })
}

async function traitsOf(
  device: GPUDevice,
  { adapter, software }: WebGpuEngineOptions['info'],
): Promise<AdapterTraits> {
  return {
    software,
    weightSpace: weightSpaceFor(adapter, device.features.has('subgroups')),
    subgroupQuads: await subgroupsAreQuads(device),
  }
}

/**
 * Where convolutions read weights from, before anything is measured. Uniform buffers are faster on llvmpipe
 * (`filter-binding.ts`), and not on SwiftShader; real GPUs have caches for uniforms.
 */
function weightSpaceFor(adapter: string, subgroups: boolean): AdapterTraits['weightSpace'] {
  if (!/swiftshader/i.test(adapter)) return 'uniform'
  return subgroups ? 'subgroup' : 'storage'
}
