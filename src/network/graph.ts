// The network as plain data: a list of nodes in the order of execution, each naming its inputs (SSA).
// Engines execute it; every count and every name is a fold over it.
import type { NodeId } from './ops/define-op.ts'
import type { OpNode } from './ops/index.ts'
import type { Shape } from './shape.ts'

export type { NodeId, Shape }

export type Initialiser =
  | { readonly kind: 'constant'; readonly value: number }
  /** Normal with variance gain² / fan (He et al., arXiv:1502.01852); gain² is 2 for ReLU. */
  | { readonly kind: 'kaiming-normal'; readonly fan: number }
  /** Uniform of the same variance: on ±√3 · gain / √fan. */
  | { readonly kind: 'kaiming-uniform'; readonly fan: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }
  /** Uniform on ±bound. */
  | { readonly kind: 'uniform'; readonly bound: number }

/** What a parameter is to its layer: decides weight-decay groups and PyTorch's name for it. */
export type ParameterRole = 'weight' | 'bias' | 'scale' | 'shift'

/** A trainable tensor. `shape` is PyTorch's: convolution [out, in, k, k], linear [out, in], vector [n]. */
export type Parameter = {
  readonly name: string
  readonly role: ParameterRole
  readonly shape: readonly number[]
  readonly init: Initialiser
}

/** A tensor that training updates without a gradient: batch norm's running mean and variance, [n]. */
export type Statistic = { readonly name: string; readonly shape: readonly number[]; readonly initial: number }

/** The images, or an op of the values of other nodes. */
export type GraphNode =
  | { readonly id: NodeId; readonly shape: Shape; readonly op: 'input'; readonly inputs: readonly [] }
  | OpNode

/** The node whose value the last linear layer is given. @throws Error where the network ends otherwise */
export function featuresNode({ nodes, output }: Graph): GraphNode {
  const last = nodes[output]
  const features = last?.op === 'dense' ? nodes[last.inputs[0]] : undefined
  if (!features) throw new Error('the network does not end in a linear layer')
  return features
}

/** The nodes whose values the logits depend on. A batch norm beyond them only tracks its input's statistics, in training. */
export function usedNodes({ nodes, output }: Graph): Set<NodeId> {
  const used = new Set<NodeId>([output])
  for (const { id, inputs } of nodes.toReversed()) {
    if (used.has(id)) for (const input of inputs) used.add(input)
  }
  return used
}

export type Graph = {
  readonly nodes: readonly GraphNode[]
  /** The node whose value is the logits. */
  readonly output: NodeId
  readonly classes: number
  readonly parameters: readonly Parameter[]
  readonly statistics: readonly Statistic[]
}
