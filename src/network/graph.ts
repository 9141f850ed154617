// The network as plain data: a list of nodes in the order of execution, each naming its inputs (SSA).
// Engines execute it; every count and every name is a fold over it.

/** Of one image; a vector is 1×1×channels. */
export type Shape = { readonly height: number; readonly width: number; readonly channels: number }

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

export type NodeId = number

type Common = { readonly id: NodeId; readonly shape: Shape }
type Unary = Common & { readonly inputs: readonly [NodeId] }
type Binary = Common & { readonly inputs: readonly [NodeId, NodeId] }

/** Zero padding of (kernel − 1) / 2 on every side, as in PyTorch (so not TensorFlow's `same` when stride is 2). */
type Conv2dNode = Unary & {
  readonly op: 'conv2d'
  readonly attrs: {
    readonly kernel: 1 | 3
    readonly stride: 1 | 2
    readonly weight: string
    readonly bias: string | null
  }
}

type BatchNormNode = Unary & {
  readonly op: 'batchNorm'
  readonly attrs: {
    readonly scale: string
    readonly shift: string
    readonly mean: string
    readonly variance: string
    readonly epsilon: number
    /** running ← (1 − momentum) · running + momentum · batch, as in PyTorch. */
    readonly momentum: number
  }
}

type DenseNode = Unary & {
  readonly op: 'dense'
  readonly attrs: { readonly weight: string; readonly bias: string | null }
}

type Dropout2dNode = Unary & {
  readonly op: 'dropout2d'
  readonly attrs: {
    /** The probability with which a channel of an image is dropped, in [0, 1). */
    readonly rate: number
    /** The how-manieth dropout of the network, from 0: its draws do not move when a shortcut is removed. */
    readonly layer: number
  }
}

export type GraphNode =
  | (Common & { readonly op: 'input'; readonly inputs: readonly [] })
  | Conv2dNode
  | BatchNormNode
  | (Unary & { readonly op: 'relu' })
  | (Binary & { readonly op: 'add' })
  /** x[::2, ::2] */
  | (Unary & { readonly op: 'subsample2' })
  /** Zero channels before and after the input's. */
  | (Unary & {
      readonly op: 'padChannels'
      readonly attrs: { readonly before: number; readonly after: number }
    })
  /** The mean of every 2×2 pixels; an odd last row or column is left out, as in PyTorch. */
  | (Unary & { readonly op: 'avgPool2' })
  /** The largest of every 4×4 pixels, likewise; the first of several equal ones has the gradient. */
  | (Unary & { readonly op: 'maxPool4' })
  | (Unary & { readonly op: 'globalAvgPool' })
  /** In training, zeros instead of some channels of an image, the others divided by 1 − rate (arXiv:1411.4280). */
  | Dropout2dNode
  | DenseNode

/** The node whose value the last linear layer is given. @throws Error where the network ends otherwise */
export function featuresNode({ nodes, output }: Graph): GraphNode {
  const last = nodes[output]
  const features = last?.op === 'dense' ? nodes[last.inputs[0]] : undefined
  if (!features) throw new Error('the network does not end in a linear layer')
  return features
}

export type Graph = {
  readonly nodes: readonly GraphNode[]
  /** The node whose value is the logits. */
  readonly output: NodeId
  readonly classes: number
  readonly parameters: readonly Parameter[]
  readonly statistics: readonly Statistic[]
}
