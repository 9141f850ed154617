import type { KernelChooser } from '../kernel-choice.ts'
import type { PipelineCache } from './pipeline-cache.ts'

/** The device as trainers see it. */
export type TrainerDevice = {
  readonly device: GPUDevice
  readonly pipelines: PipelineCache
  readonly kernels: KernelChooser
  /** @throws AppError the device's failure, where it has failed */
  assertWorking(): void
  /** Waits for something that the device gives back. @throws AppError the device's failure, where it has failed meanwhile */
  answer<T>(work: Promise<T>): Promise<T>
  /** Nothing that the device computes is right any more. */
  fail(error: unknown): void
}
