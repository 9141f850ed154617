import { AppError } from '../base/app-error.ts'
import type { Batch, KernelTime, StepHyper, Trainer } from './engine.ts'

/** Odd, so that the median is one of them. */
const STEPS = 5

/**
 * What each kernel of a step takes: the median over five steps, which train like any other.
 * @throws AppError `device-unavailable` where the device keeps no time
 */
export async function profileKernels(
  trainer: Trainer,
  batch: Batch,
  hyper: StepHyper,
): Promise<KernelTime[]> {
  if (!trainer.profile) {
    throw new AppError(
      'device-unavailable',
      'Kernels cannot be timed here, because the device has no timestamp queries or tfjs runs the network; use WebGPU on another adapter.',
    )
  }
  const steps: KernelTime[][] = []
  for (let step = 0; step < STEPS; step++) steps.push(await trainer.profile(batch, hyper))
  return (steps[0] ?? []).map(({ label, flops, bytes }, i) => {
    const times = steps.map((step) => step[i]?.milliseconds ?? 0).toSorted((a, b) => a - b)
    return { label, flops, bytes, milliseconds: times[Math.floor(STEPS / 2)] ?? 0 }
  })
}
