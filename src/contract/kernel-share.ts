import { z } from 'zod'

/** What the kernels of one label took in a training step: the same work on the same shapes. */
export const kernelShareSchema = z.object({
  label: z.string(),
  /** How often a step runs it. */
  count: z.int().positive(),
  /** Of all of them, on the device. */
  milliseconds: z.number().nonnegative(),
  gigaflopsPerSecond: z.number().nonnegative(),
  /** Each tensor counted once. */
  gigabytesPerSecond: z.number().nonnegative(),
  /** Of the time of all kernels of the step, in [0, 1]. */
  share: z.number().min(0).max(1),
})
export type KernelShare = z.infer<typeof kernelShareSchema>
