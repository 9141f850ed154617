import type { Fields } from '../../base/kind-fields.ts'
import { fromFields, type Kind, type KindConfig, type KindDefinition } from '../../base/kinds.ts'
import type { NodeId } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'

/** A module of a shortcut: convolutions have no bias, give the block's channels and have its stride. */
type ShortcutModule = { readonly layer: 'conv'; readonly kernel: 1 | 3 } | { readonly layer: 'norm' }

/** Modules one after another, named shortcut.0, shortcut.1; an identity where the shape stays. */
type Projection = { readonly modules: readonly ShortcutModule[] }

/** A function without parameters. */
type Resizing<Config> = {
  /** Whether it adds zero channels, and so can lead to no fewer. */
  readonly addsZeroChannels: boolean
  /** Whether it is built where the shape stays as well. */
  readonly everywhere: boolean
  /** What takes the place of an identity mapping, in a sentence; left out where it is one. */
  identityText?(config: Config): string
  build(place: ShortcutPlace, config: Config): NodeId
  /** The body of `shortcut(x, outputs, stride)` in Python: statements, and last what it returns. */
  pytorch(config: Config): readonly string[]
}

type ShortcutPlace = {
  readonly builder: GraphBuilder
  readonly from: NodeId
  /** Of the block's output. */
  readonly channels: number
  readonly stride: 1 | 2
}

/** How a block's input reaches its output where the shape changes, or in every block. */
export type Shortcut<Name extends string, Config> = Kind<Name, Config> & (Projection | Resizing<Config>)

export const defineProjection = <const Name extends string, KindFields extends Fields>(
  definition: KindDefinition<Name, KindFields> & Projection,
) => ({ ...definition, ...fromFields(definition) })

export const defineResizing = <const Name extends string, KindFields extends Fields>(
  definition: KindDefinition<Name, KindFields> & Resizing<KindConfig<Name, KindFields>>,
) => ({ ...definition, ...fromFields(definition) })
