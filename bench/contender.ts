// What takes part in the benchmark: something that trains a task's network on a device.
import type { Task } from './task.ts'

/** In the order of their turns: ours first, which the others are compared with. */
export const ENGINES = [
  'residual-lab-cpu',
  'residual-lab',
  'tfjs-webgpu',
  'tfjs-webgl',
  'jax-js',
  'pytorch-cpu',
  'jax-js-wasm',
  'tfjs-cpu',
  'tfjs-wasm',
] as const
export type EngineName = (typeof ENGINES)[number]

/** What trains without a graphics card. */
export const CPU_ENGINES = [
  'residual-lab-cpu',
  'pytorch-cpu',
  'jax-js-wasm',
  'tfjs-cpu',
  'tfjs-wasm',
] as const satisfies readonly EngineName[]
export type CpuEngineName = (typeof CPU_ENGINES)[number]
export type GpuEngineName = Exclude<EngineName, CpuEngineName>

export function isCpuEngine(engine: EngineName): engine is CpuEngineName {
  return CPU_ENGINES.some((name) => name === engine)
}

export type Contender = {
  /** What it computes on, as the driver names it. */
  readonly adapter: string
  prepare(task: Task): Promise<Training>
  dispose(): void
}

export type Training = {
  /**
   * Takes training steps, one behind the other without waiting in between, and waits for the last.
   * @param steps at least 1
   * @returns the loss of the last step's forward pass: mean cross-entropy, no weight decay in it
   */
  train(steps: number): Promise<number>
  dispose(): void
}
