import type { Graph, GraphNode, NodeId } from '../../../network/graph.ts'
import type { ProgramBuilder, ValueId } from '../program.ts'

export type ForwardValues = {
  /** The value of each node. */
  readonly valueOf: (node: NodeId) => ValueId
  /** The batch statistics of a batch norm; training only. */
  readonly statisticsOf: (node: NodeId) => ValueId
}

export type Forward<Node> = {
  readonly builder: ProgramBuilder
  readonly node: Node
  readonly mode: 'training' | 'inference'
  readonly forward: ForwardValues
  /** Whether the logits depend on the node's value; in training a batch norm may be there for its statistics. */
  readonly isUsed: boolean
  /** The value of the node's first input. */
  readonly x: ValueId
  /** What is to be written. */
  readonly y: ValueId
}

export type Backward<Node> = {
  readonly builder: ProgramBuilder
  readonly node: Node
  readonly graph: Graph
  readonly forward: ForwardValues
  readonly x: ValueId
  /** The gradient of the node's value. */
  readonly dy: ValueId
  /** A new value for the gradient of the first input; null where nobody wants it. */
  readonly dx: () => ValueId | null
  /** Gives an input a gradient that there is already. */
  readonly pass: (input: NodeId, gradient: ValueId) => void
}

/** How an op becomes operations of a Program. */
export type OpRules<Name extends GraphNode['op']> = {
  forward(forward: Forward<Extract<GraphNode, { op: Name }>>): void
  backward(backward: Backward<Extract<GraphNode, { op: Name }>>): void
}
