// Appends nodes and declares their parameters; shapes follow from the inputs.
import type { Graph, GraphNode, Initialiser, NodeId, Parameter, Shape, Statistic } from './graph.ts'

const BATCH_NORM_EPSILON = 1e-5
const BATCH_NORM_MOMENTUM = 0.1

/** A node that the builder completes with its id. */
type Draft = GraphNode extends infer N ? (N extends GraphNode ? Omit<N, 'id'> : never) : never

export type GraphBuilder = ReturnType<typeof createGraphBuilder>

/** @param input shape of one image */
export function createGraphBuilder(input: Shape) {
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

  return {
    input: 0 satisfies NodeId,
    shapeOf,

    /** A k×k convolution without bias; Kaiming normal over fan-in. Declares `name.weight`. */
    conv2d(from: NodeId, name: string, out: number, kernel: 1 | 3, stride: 1 | 2): NodeId {
      const { height, width, channels } = shapeOf(from)
      const weight = declare({
        name: `${name}.weight`,
        role: 'weight',
        shape: [out, channels, kernel, kernel],
        init: { kind: 'kaiming-normal', fan: channels * kernel * kernel },
      })
      const shape = { height: Math.ceil(height / stride), width: Math.ceil(width / stride), channels: out }
      return append({ op: 'conv2d', inputs: [from], attrs: { kernel, stride, weight }, shape })
    },

    /** Declares `name.weight` (γ = 1), `name.bias` (β = 0), `name.running_mean` (0) and `name.running_var` (1). */
    batchNorm(from: NodeId, name: string): NodeId {
      const shape = shapeOf(from)
      const vector = [shape.channels]
      const scale = declare({
        name: `${name}.weight`,
        role: 'scale',
        shape: vector,
        init: { kind: 'constant', value: 1 },
      })
      const shift = declare({
        name: `${name}.bias`,
        role: 'shift',
        shape: vector,
        init: { kind: 'constant', value: 0 },
      })
      const mean = `${name}.running_mean`
      const variance = `${name}.running_var`
      statistics.push(
        { name: mean, shape: vector, initial: 0 },
        { name: variance, shape: vector, initial: 1 },
      )
      return append({
        op: 'batchNorm',
        inputs: [from],
        attrs: { scale, shift, mean, variance, epsilon: BATCH_NORM_EPSILON, momentum: BATCH_NORM_MOMENTUM },
        shape,
      })
    },

    relu: (from: NodeId): NodeId => append({ op: 'relu', inputs: [from], shape: shapeOf(from) }),

    add: (a: NodeId, b: NodeId): NodeId => append({ op: 'add', inputs: [a, b], shape: shapeOf(a) }),

    subsample2(from: NodeId): NodeId {
      const { height, width, channels } = shapeOf(from)
      const shape = { height: Math.ceil(height / 2), width: Math.ceil(width / 2), channels }
      return append({ op: 'subsample2', inputs: [from], shape })
    },

    padChannels(from: NodeId, before: number, after: number): NodeId {
      const shape = shapeOf(from)
      return append({
        op: 'padChannels',
        inputs: [from],
        attrs: { before, after },
        shape: { ...shape, channels: before + shape.channels + after },
      })
    },

    globalAvgPool(from: NodeId): NodeId {
      return append({
        op: 'globalAvgPool',
        inputs: [from],
        shape: { height: 1, width: 1, channels: shapeOf(from).channels },
      })
    },

    /** A linear layer on a vector. Declares `name.weight` by `init` and `name.bias` (0). */
    dense(from: NodeId, name: string, out: number, init: (fanIn: number) => Initialiser): NodeId {
      const fanIn = shapeOf(from).channels
      const weight = declare({
        name: `${name}.weight`,
        role: 'weight',
        shape: [out, fanIn],
        init: init(fanIn),
      })
      const bias = declare({
        name: `${name}.bias`,
        role: 'bias',
        shape: [out],
        init: { kind: 'constant', value: 0 },
      })
      return append({
        op: 'dense',
        inputs: [from],
        attrs: { weight, bias },
        shape: { height: 1, width: 1, channels: out },
      })
    },

    finish(output: NodeId): Graph {
      return { nodes, output, classes: shapeOf(output).channels, parameters, statistics }
    },
  }
}
