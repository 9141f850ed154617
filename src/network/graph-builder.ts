// Appends nodes and declares their parameters; shapes follow from the inputs.
import type { Graph, GraphNode, Initialiser, NodeId, Parameter, Shape, Statistic } from './graph.ts'
import { add } from './ops/add.ts'
import { avgPool2 } from './ops/avg-pool2.ts'
import type { WeightlessOp } from './ops/define-op.ts'
import { dropout2d } from './ops/dropout2d.ts'
import { globalAvgPool } from './ops/global-avg-pool.ts'
import type { WeightlessNode } from './ops/index.ts'
import { maxPool4 } from './ops/max-pool4.ts'
import { padChannels } from './ops/pad-channels.ts'
import { relu } from './ops/relu.ts'
import { subsample2 } from './ops/subsample2.ts'

const BATCH_NORM_EPSILON = 1e-5
const BATCH_NORM_MOMENTUM = 0.1

/** Values that one value of a layer's output is summed from, and outputs that one input value goes into. */
export type Fans = { readonly in: number; readonly out: number }

/** What a network's author does alike in all its layers. */
export type Conventions = {
  /** Of convolutions' and linear layers' weights. */
  readonly weight: (fan: Fans) => Initialiser
  /** Of batch norm's γ. */
  readonly scale: Initialiser
  readonly runningVariance: number
}

/** What differs from layer to layer. */
type WeightOptions = { readonly bias?: boolean; readonly init?: Conventions['weight'] }
type DenseOptions = WeightOptions & { readonly biasInit?: Conventions['weight'] }

const zero = (): Initialiser => ({ kind: 'constant', value: 0 })

/** Kaiming normal over fan-in, and PyTorch's batch norm. */
const DEFAULT_CONVENTIONS: Conventions = {
  weight: (fan) => ({ kind: 'kaiming-normal', fan: fan.in }),
  scale: { kind: 'constant', value: 1 },
  runningVariance: 1,
}

/** A node that the builder completes with its id. */
type Draft = GraphNode extends infer N ? (N extends GraphNode ? Omit<N, 'id'> : never) : never

type Inputs = { readonly 1: readonly [NodeId]; readonly 2: readonly [NodeId, NodeId] }

/** That these belong together is what the types of the op have said. */
function draftOf(op: WeightlessNode['op'], inputs: Inputs[1 | 2], attrs: object | null, shape: Shape): Draft
function draftOf(op: string, inputs: Inputs[1 | 2], attrs: object | null, shape: Shape): object {
  return { op, inputs, ...(attrs === null ? {} : { attrs }), shape }
}

export type GraphBuilder = ReturnType<typeof createGraphBuilder>

/** @param input shape of one image */
export function createGraphBuilder(input: Shape, given: Partial<Conventions> = {}) {
  const conventions = { ...DEFAULT_CONVENTIONS, ...given }
  const nodes: GraphNode[] = [{ id: 0, op: 'input', inputs: [], shape: input }]
  const parameters: Parameter[] = []
  const statistics: Statistic[] = []

  const shapeOf = (id: NodeId): Shape => {
    const node = nodes[id]
    if (!node) throw new Error(`node ${id} is not in the graph`)
    return node.shape
  }
  const append = (draft: Draft): NodeId => {
    const id = nodes.length
    nodes.push({ ...draft, id })
    return id
  }
  const declare = (parameter: Parameter): string => {
    parameters.push(parameter)
    return parameter.name
  }
  const declareVector = (name: string, role: Parameter['role'], size: number, init: Initialiser): string =>
    declare({ name, role, shape: [size], init })
  const declareBias = (name: string, size: number, init = zero()): string =>
    declareVector(`${name}.bias`, 'bias', size, init)

  /** A node of an op without parameters. */
  const apply = <Name extends WeightlessNode['op'], Attrs extends object | null, Arity extends 1 | 2>(
    op: WeightlessOp<Name, Attrs, Arity>,
    inputs: Inputs[Arity],
    attrs: Attrs,
  ): NodeId => append(draftOf(op.op, inputs, attrs, op.shape(shapeOf(inputs[0]), attrs)))

  return {
    input: 0 satisfies NodeId,
    shapeOf,

    /** A k×k convolution, without bias unless asked for. Declares `name.weight` and `name.bias` (0). */
    conv2d(
      from: NodeId,
      name: string,
      out: number,
      kernel: 1 | 3,
      stride: 1 | 2,
      { bias = false, init = conventions.weight }: WeightOptions = {},
    ): NodeId {
      const { height, width, channels } = shapeOf(from)
      const taps = kernel * kernel
      const weight = declare({
        name: `${name}.weight`,
        role: 'weight',
        shape: [out, channels, kernel, kernel],
        init: init({ in: channels * taps, out: out * taps }),
      })
      const shape = { height: Math.ceil(height / stride), width: Math.ceil(width / stride), channels: out }
      const attrs = { kernel, stride, weight, bias: bias ? declareBias(name, out) : null }
      return append({ op: 'conv2d', inputs: [from], attrs, shape })
    },

    /** Declares `name.weight` (γ), `name.bias` (β = 0), `name.running_mean` (0) and `name.running_var`. */
    batchNorm(from: NodeId, name: string): NodeId {
      const shape = shapeOf(from)
      const { channels } = shape
      const scale = declareVector(`${name}.weight`, 'scale', channels, conventions.scale)
      const shift = declareVector(`${name}.bias`, 'shift', channels, { kind: 'constant', value: 0 })
      const mean = `${name}.running_mean`
      const variance = `${name}.running_var`
      statistics.push(
        { name: mean, shape: [channels], initial: 0 },
        { name: variance, shape: [channels], initial: conventions.runningVariance },
      )
      return append({
        op: 'batchNorm',
        inputs: [from],
        attrs: { scale, shift, mean, variance, epsilon: BATCH_NORM_EPSILON, momentum: BATCH_NORM_MOMENTUM },
        shape,
      })
    },

    apply,
    relu: (from: NodeId): NodeId => apply(relu, [from], null),
    add: (a: NodeId, b: NodeId): NodeId => apply(add, [a, b], null),
    avgPool2: (from: NodeId): NodeId => apply(avgPool2, [from], null),
    maxPool4: (from: NodeId): NodeId => apply(maxPool4, [from], null),
    subsample2: (from: NodeId): NodeId => apply(subsample2, [from], null),
    padChannels: (from: NodeId, before: number, after: number): NodeId =>
      apply(padChannels, [from], { before, after }),
    globalAvgPool: (from: NodeId): NodeId => apply(globalAvgPool, [from], null),
    dropout2d(from: NodeId, rate: number): NodeId {
      const layer = nodes.filter(({ op }) => op === 'dropout2d').length
      return apply(dropout2d, [from], { rate, layer })
    },

    /** A linear layer on a vector, with bias unless refused. Declares `name.weight` and `name.bias` (0 unless said). */
    dense(
      from: NodeId,
      name: string,
      out: number,
      { bias = true, init = conventions.weight, biasInit = zero }: DenseOptions = {},
    ): NodeId {
      const { height, width, channels } = shapeOf(from)
      if (height * width !== 1) throw new Error(`${name} wants a vector and gets ${height}×${width} pixels`)
      const weight = declare({
        name: `${name}.weight`,
        role: 'weight',
        shape: [out, channels],
        init: init({ in: channels, out }),
      })
      return append({
        op: 'dense',
        inputs: [from],
        attrs: { weight, bias: bias ? declareBias(name, out, biasInit({ in: channels, out })) : null },
        shape: { height: 1, width: 1, channels: out },
      })
    },

    finish(output: NodeId): Graph {
      return { nodes, output, classes: shapeOf(output).channels, parameters, statistics }
    },
  }
}
