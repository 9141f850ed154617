// What takes part in the benchmark: something that trains a task's network on a device.
import type { Task } from './task.ts'

export const ENGINES = ['residual-lab', 'tfjs-webgpu', 'tfjs-webgl', 'jax-js'] as const
export type EngineName = (typeof ENGINES)[number]

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
