import type { z } from 'zod'
import type { Kind } from '../../base/kinds.ts'

/** What a block does to a value, which begins as its input; the Graph and the PyTorch script are folds over these. */
export type BlockStep =
  | {
      readonly layer: 'conv'
      readonly name: string
      readonly kernel: 1 | 3
      /** Whether it is the one with the block's stride. */
      readonly strided: boolean
      /** Whether it gives the block's channels, rather than the stage's. */
      readonly expands: boolean
    }
  | { readonly layer: 'norm'; readonly name: string }
  | { readonly layer: 'relu' }
  /** Of the shortcut, where there is one. */
  | { readonly layer: 'add' }

export type Block<Schema extends z.ZodType<{ kind: string }> = z.ZodType<{ kind: string }>> = Kind<Schema> & {
  /** Channels that leave a block, for one channel of its stage. */
  readonly expansion: number
  steps(config: z.infer<Schema>): readonly BlockStep[]
  /** A stage's first block, where it is another: its shortcut has its convolution even where the shape stays. */
  readonly first?: readonly BlockStep[]
}

export const defineBlock = <const Schema extends z.ZodType<{ kind: string }>>(block: Block<Schema>) => block

/** A convolution to the stage's channels, unless it `expands` them to the block's. */
export const conv = (
  name: string,
  kernel: 1 | 3,
  { strided = false, expands = false }: { readonly strided?: boolean; readonly expands?: boolean } = {},
): BlockStep => ({ layer: 'conv', name, kernel, strided, expands })
export const norm = (name: string): BlockStep => ({ layer: 'norm', name })
export const relu: BlockStep = { layer: 'relu' }
export const add: BlockStep = { layer: 'add' }
