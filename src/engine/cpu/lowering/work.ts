// A program lowered to kernels: plain data, still without addresses. Stages follow one another; the works of a stage may be
// done in any order, and the chunks of a work too.
import type { Arguments, KernelName } from '../kernels.ts'

/**
 * Memory that kernels work on. `images`: one value, `bytes` an image; `shared`: anything else that a step needs for a while;
 * `own`: what a kernel needs while it runs, of which each thread has its own; `table`: words that never change; `lasting`:
 * what outlives a step, by name.
 */
export type Tensor =
  | { readonly kind: 'images' | 'shared' | 'own'; readonly label: string; readonly bytes: number }
  | { readonly kind: 'table'; readonly words: readonly number[] }
  | { readonly kind: 'lasting'; readonly area: AreaName }

export const AREAS = [
  'parameters',
  'gradients',
  'slots',
  'statistics',
  'decay',
  'normalised',
  'whitening',
  'words',
  'rotations',
  'pixels',
  'results',
  'metrics',
  'logits',
  'features',
] as const
export type AreaName = (typeof AREAS)[number]

export type Pointer = { readonly tensor: Tensor; readonly offset: number }
export type Argument = number | Pointer

export type Call = {
  readonly kernel: KernelName
  readonly args: Readonly<Record<string, Argument>>
  /** For people: what it computes, of which shapes. */
  readonly label: string
  /** Multiplications and additions for one image. */
  readonly flops: number
}

export type Work = {
  /** How many units there are, of which a chunk has `chunkUnits`; `images` for as many as the batch has. */
  readonly units: number | 'images'
  readonly chunkUnits: number
  readonly chunks: number
  readonly calls: Call[]
  /** Run once, by the thread that finishes the last chunk. */
  readonly finish: Call[]
}

export type Stage = { readonly works: Work[] }

export function callOf<Kernel extends KernelName>(
  kernel: Kernel,
  args: Arguments<Kernel, Argument>,
  { label = kernel, flops = 0 }: { readonly label?: string; readonly flops?: number } = {},
): Call {
  return { kernel, args: { ...args }, label, flops }
}
