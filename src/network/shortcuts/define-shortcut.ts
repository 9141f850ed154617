import type { z } from 'zod'
import type { Kind } from '../../base/kinds.ts'
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

/** A number of a shortcut's config as the page edits it. */
type NumberField = {
  readonly label: string
  readonly min: number
  readonly max: number
  readonly step: number
}

type KindSchema = z.ZodType<{ kind: string }>

type Common<Schema extends KindSchema> = Kind<Schema> & {
  /** The numbers of its config, by name. */
  readonly numbers?: Readonly<Record<string, NumberField>>
}
type ProjectionShortcut<Schema extends KindSchema> = Common<Schema> & Projection
type ResizingShortcut<Schema extends KindSchema> = Common<Schema> & Resizing<z.infer<Schema>>

/** How a block's input reaches its output where the shape changes. */
export type Shortcut<Schema extends KindSchema> = ProjectionShortcut<Schema> | ResizingShortcut<Schema>

export const defineProjection = <const Schema extends KindSchema>(shortcut: ProjectionShortcut<Schema>) =>
  shortcut

export const defineResizing = <const Schema extends KindSchema>(shortcut: ResizingShortcut<Schema>) =>
  shortcut
