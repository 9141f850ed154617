// Getting a network's kernels ready before its first step, and telling how far that is. Most drivers compile a kernel
// when its pipeline is made, some at its first run.
import { IMAGE_BYTES } from '../../../base/data-set.ts'
import type { Batch, CompileOptions } from '../../engine.ts'
import { guarded } from './guard.ts'
import type { NetworkMemory } from '../memory/network-memory.ts'
import type { NetworkPlan } from '../network-plan.ts'
import { type CompiledKernel, type PipelineCache, pipelineKey } from './pipeline-cache.ts'
import { type Plan, submit } from '../plan.ts'

/** A cache that tells how many of the plan's kernels it has compiled. */
export function countingCache(
  pipelines: PipelineCache,
  { training, evaluation }: NetworkPlan,
  onProgress: CompileOptions['onProgress'],
): PipelineCache {
  const dispatches = [...(training?.lowered.dispatches ?? []), ...evaluation.lowered.dispatches]
  const total = new Set(dispatches.map(({ kernel }) => pipelineKey(kernel))).size
  const ready = new Set<string>()
  return {
    async get(kernel): Promise<CompiledKernel> {
      const compiled = await pipelines.get(kernel)
      const known = ready.size
      ready.add(pipelineKey(kernel))
      if (ready.size > known) onProgress?.({ kind: 'kernels', stage: 'compile', ready: ready.size, total })
      return compiled
    },
  }
}

/** Runs each plan once on black images, part by part: a bad command shows here, and not in the first step. */
export async function warmUp(
  device: GPUDevice,
  memory: NetworkMemory,
  plans: readonly Plan[],
  { batchSize, onProgress }: Pick<CompileOptions, 'batchSize' | 'onProgress'>,
): Promise<void> {
  const total = plans.reduce((sum, { firstUses }) => sum + firstUses.length, 0)
  let ready = 0
  const tell = () => onProgress?.({ kind: 'kernels', stage: 'first-run', ready: ++ready, total })
  await guarded(device, () => {
    memory.upload(blackImages(batchSize ?? 1), {})
    for (const plan of plans) {
      for (const [i, first] of plan.firstUses.entries()) {
        submit(device, plan, first, plan.firstUses[i + 1])
        // A device that is lost meanwhile is noticed by the wait below.
        device.queue.onSubmittedWorkDone().then(tell, () => undefined)
      }
    }
  })
  await device.queue.onSubmittedWorkDone()
}

function blackImages(size: number): Batch {
  return {
    size,
    pixels: new Uint8Array(size * IMAGE_BYTES),
    labels: new Uint8Array(size),
    augmentation: null,
  }
}
