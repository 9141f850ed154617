import { z } from 'zod'
import { field, type Fields } from '../../base/kind-fields.ts'
import { fromFields, type Kind, type KindConfig, type KindDefinition } from '../../base/kinds.ts'

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
  | {
      readonly layer: 'norm'
      readonly name: string
      /** Its output goes nowhere: it only tracks the statistics of the value, which stays as it is. */
      readonly tracksOnly: boolean
    }
  | { readonly layer: 'relu' }
  /** Of the shortcut, where there is one. */
  | { readonly layer: 'add' }

type Steps<Config> = {
  /** Channels that leave a block, for one channel of its stage. */
  readonly expansion: number
  steps(config: Config): readonly BlockStep[]
  /** A stage's first block, where it is another: its shortcut has its convolution even where the shape stays. */
  readonly first?: readonly BlockStep[]
}

export type Block<Name extends string, Config> = Kind<Name, Config> & Steps<Config>

export const defineBlock = <const Name extends string, KindFields extends Fields>(
  definition: KindDefinition<Name, KindFields> & Steps<KindConfig<Name, KindFields>>,
) => ({ ...definition, ...fromFields(definition) })

export const reluAfterAdd = field(z.boolean(), {
  name: 'ReLU after the addition',
  label: 'ReLU after the addition',
  initial: true,
  control: { kind: 'switch' },
})

/** A convolution to the stage's channels, unless it `expands` them to the block's. */
export const conv = (
  name: string,
  kernel: 1 | 3,
  { strided = false, expands = false }: { readonly strided?: boolean; readonly expands?: boolean } = {},
): BlockStep => ({ layer: 'conv', name, kernel, strided, expands })
export const norm = (name: string): BlockStep => ({ layer: 'norm', name, tracksOnly: false })
export const trackingNorm = (name: string): BlockStep => ({ layer: 'norm', name, tracksOnly: true })
export const relu: BlockStep = { layer: 'relu' }
export const add: BlockStep = { layer: 'add' }
