import type { Shape } from '../shape.ts'
import type { KerasLayer } from './keras-layer.ts'

export type NodeId = number

/** The square of input pixels that an output pixel depends on, and the input pixels from one to the next. */
type Window = { readonly kernel: number; readonly stride: number }

/** What every engine, count and export asks of an op, but for how it is computed. */
export type Op<Name extends string, Attrs = null, Arity extends 1 | 2 = 1> = {
  readonly op: Name
  /** How many nodes it has as inputs. */
  readonly arity: Arity
  /** The value that its gradient reads again. */
  readonly keeps?: 'input' | 'output'
  window?(attrs: Attrs): Window
  /** As a table of layers calls it. */
  text(attrs: Attrs): string
  /** As one of several in a line, without what the table of layers says more of. */
  step?(attrs: Attrs): string
  /** The parameters that it has, the one that names its module first. */
  parameters?(attrs: Attrs): readonly string[]
}

/** An operator of ONNX with its attributes, and inputs that are constants behind the node's own. */
type OnnxOperator = {
  readonly type: string
  readonly attributes?: Readonly<Record<string, readonly number[]>>
  readonly constants?: Readonly<
    Record<string, { readonly element: 'int64' | 'float'; readonly values: readonly number[] }>
  >
}

/** An op without parameters: its shape follows from its input's, and inference elsewhere is a known operator. */
export type WeightlessOp<Name extends string, Attrs = null, Arity extends 1 | 2 = 1> = Op<
  Name,
  Attrs,
  Arity
> & {
  shape(input: Shape, attrs: Attrs): Shape
  /** Null where it does nothing to an image in inference. */
  onnx(attrs: Attrs): OnnxOperator | null
  /** One after another; none likewise. */
  keras(attrs: Attrs, input: Shape): readonly KerasLayer[]
}

/** A node of such an op. */
export type NodeOf<Known> =
  Known extends Op<infer Name, infer Attrs, infer Arity>
    ? {
        readonly id: NodeId
        readonly shape: Shape
        readonly op: Name
        readonly inputs: Arity extends 1 ? readonly [NodeId] : readonly [NodeId, NodeId]
      } & ([Attrs] extends [null] ? object : { readonly attrs: Attrs })
    : never
