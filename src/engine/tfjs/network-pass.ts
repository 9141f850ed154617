// Executes a Graph: forward, and backward by one rule an op. To add an op is to add a case to each switch.
// Explicit rules rather than tfjs's tape: we choose each gradient's formulation, and free a value at its last use.
import * as tf from '@tensorflow/tfjs'
import { type Graph, type GraphNode, type NodeId, usedNodes } from '../../network/graph.ts'
import { isNormalised, nodesKeptForBackward } from '../../network/network-facts.ts'
import { batchMoments, batchNormGradients, channelSum, normalise, type Moments } from './batch-norm.ts'
import type { Convolutions } from './convolution.ts'
import type { DropoutMasks } from './dropout.ts'
import { filter, matrix, type NamedTensors, vector } from './named-tensors.ts'
import {
  avgPool2,
  avgPool2Gradient,
  globalAvgPool,
  globalAvgPoolGradient,
  maxPool4,
  maxPool4Gradient,
  padChannels,
  padChannelsGradient,
  subsample2,
  subsample2Gradient,
} from './shape-ops.ts'

export type TrainingPass = {
  /** [batch, classes] */
  readonly logits: tf.Tensor2D
  /** Of each batch norm, by node. */
  readonly moments: ReadonlyMap<NodeId, Moments>
  readonly masks: DropoutMasks
  /** Values that the backward pass needs, by node. */
  readonly values: Map<NodeId, tf.Tensor4D>
}

/** @param images [batch, height, width, channels]; freed like every other value */
export function forwardTraining(
  graph: Graph,
  convolutions: Convolutions,
  parameters: NamedTensors,
  masks: DropoutMasks,
  images: tf.Tensor4D,
): TrainingPass {
  const moments = new Map<NodeId, Moments>()
  const used = usedNodes(graph)
  const values = run(graph, images, nodesKeptForBackward(graph), (node, inputs) => {
    if (node.op === 'dropout2d') return tf.mul(only(inputs), masks(node, only(inputs).shape[0]))
    if (node.op !== 'batchNorm') return forwardOp(node, inputs, convolutions, parameters)
    const x = only(inputs)
    const batch = batchMoments(x)
    moments.set(node.id, batch)
    if (!used.has(node.id)) return null
    const { scale, shift, epsilon } = node.attrs
    return normalise(x, batch, vector(parameters, scale), vector(parameters, shift), epsilon)
  })
  return { logits: flattened(valueOf(values, graph.output)), moments, masks, values }
}

/** A node's value with running statistics, [batch, channels]: the logits, or another that is a vector. */
export function forwardEvaluation(
  graph: Graph,
  convolutions: Convolutions,
  parameters: NamedTensors,
  statistics: NamedTensors,
  images: tf.Tensor4D,
  wanted: NodeId,
): tf.Tensor2D {
  const used = usedNodes(graph)
  const values = run(graph, images, new Set([wanted]), (node, inputs) => {
    if (!used.has(node.id)) return null
    if (node.op === 'dropout2d') return only(inputs).clone()
    if (node.op !== 'batchNorm') return forwardOp(node, inputs, convolutions, parameters)
    const { scale, shift, mean, variance, epsilon } = node.attrs
    const running = { mean: vector(statistics, mean), variance: vector(statistics, variance) }
    return normalise(only(inputs), running, vector(parameters, scale), vector(parameters, shift), epsilon)
  })
  return flattened(valueOf(values, wanted))
}

/** The gradient of every parameter by name, 0 where none arrives; frees the pass's values as it goes. */
export function backward(
  graph: Graph,
  convolutions: Convolutions,
  parameters: NamedTensors,
  pass: TrainingPass,
  dLogits: tf.Tensor2D,
): NamedTensors {
  const gradients = new Map<string, tf.Tensor>()
  const arriving = new Map<NodeId, tf.Tensor4D>()
  const context: BackwardContext = {
    convolutions,
    parameters,
    pass,
    sizeOf: (id) => [dLogits.shape[0], ...sidesOf(graph, id)],
    isInput: (id) => graph.nodes[id]?.op === 'input',
    isNormalised: (node) => isNormalised(graph, node),
    setParameter: (name, gradient) => gradients.set(name, gradient),
  }
  arriving.set(graph.output, dLogits.reshape(context.sizeOf(graph.output)))
  for (const node of graph.nodes.toReversed()) {
    const dy = arriving.get(node.id)
    if (dy && node.op !== 'input') {
      for (const [i, gradient] of backwardOp(node, dy, context).entries()) {
        const id = node.inputs[i]
        if (id !== undefined && gradient) accumulate(arriving, id, gradient)
      }
    }
    dy?.dispose()
    pass.values.get(node.id)?.dispose()
  }
  for (const { name } of graph.parameters) {
    const parameter = parameters.get(name)
    if (parameter && !gradients.has(name)) gradients.set(name, tf.zerosLike(parameter))
  }
  return gradients
}

type BackwardContext = {
  readonly convolutions: Convolutions
  readonly parameters: NamedTensors
  readonly pass: TrainingPass
  sizeOf(id: NodeId): [number, number, number, number]
  /** True for the images themselves, whose gradient nobody needs. */
  isInput(id: NodeId): boolean
  /** Whether a bias there has gradient 0. */
  isNormalised(node: GraphNode): boolean
  setParameter(name: string, gradient: tf.Tensor): void
}

type OpNode = Exclude<GraphNode, { op: 'input' }>

function forwardOp(
  node: Exclude<OpNode, { op: 'batchNorm' | 'dropout2d' }>,
  inputs: readonly tf.Tensor4D[],
  convolutions: Convolutions,
  parameters: NamedTensors,
): tf.Tensor4D {
  const x = only(inputs)
  switch (node.op) {
    case 'conv2d': {
      const { weight, bias, stride } = node.attrs
      return withBias(bias, parameters, () => convolutions.forward(x, filter(parameters, weight), stride))
    }
    case 'relu':
      return tf.relu(x)
    case 'add':
      return tf.add(x, inputs[1] ?? x)
    case 'subsample2':
      return subsample2(x)
    case 'padChannels':
      return padChannels(x, node.attrs.before, node.attrs.after)
    case 'scale':
      return tf.mul(x, node.attrs.factor)
    case 'avgPool2':
      return avgPool2(x)
    case 'maxPool4':
      return maxPool4(x)
    case 'globalAvgPool':
      return globalAvgPool(x)
    case 'dense': {
      const { weight, bias } = node.attrs
      const product = () =>
        tf.matMul(flattened(x), matrix(parameters, weight)).as4D(x.shape[0], 1, 1, node.shape.channels)
      return withBias(bias, parameters, product)
    }
    default:
      return node satisfies never
  }
}

/** What `layer` gives, plus the bias of its channels where it has one. */
function withBias(bias: string | null, parameters: NamedTensors, layer: () => tf.Tensor4D): tf.Tensor4D {
  if (bias === null) return layer()
  return tf.tidy(() => tf.add(layer(), vector(parameters, bias)))
}

/** The gradients of the node's inputs, in their order; null where nobody needs it. */
function backwardOp(node: OpNode, dy: tf.Tensor4D, context: BackwardContext): (tf.Tensor4D | null)[] {
  const { convolutions, parameters, pass } = context
  const from = node.inputs[0]
  switch (node.op) {
    case 'conv2d': {
      const { weight, bias, stride } = node.attrs
      const x = valueOf(pass.values, from)
      const kernel = filter(parameters, weight)
      context.setParameter(weight, convolutions.filterGradient(x, dy, kernel.shape, stride))
      if (bias !== null && !context.isNormalised(node)) context.setParameter(bias, channelSum(dy))
      return [context.isInput(from) ? null : convolutions.inputGradient(dy, kernel, x.shape, stride)]
    }
    case 'batchNorm': {
      const { scale, shift, epsilon } = node.attrs
      const moments = pass.moments.get(node.id)
      if (!moments) throw new Error(`batch norm ${node.id} has no moments: it was not run forward`)
      const x = valueOf(pass.values, from)
      const { dx, dScale, dShift } = batchNormGradients(x, dy, moments, vector(parameters, scale), epsilon)
      context.setParameter(scale, dScale)
      context.setParameter(shift, dShift)
      return [dx]
    }
    case 'relu':
      return [tf.tidy(() => tf.mul(dy, tf.step(valueOf(pass.values, node.id))))]
    case 'add':
      return [dy.clone(), dy.clone()]
    case 'subsample2':
      return [subsample2Gradient(dy, context.sizeOf(from))]
    case 'padChannels':
      return [padChannelsGradient(dy, node.attrs.before, context.sizeOf(from)[3])]
    case 'scale':
      return [tf.mul(dy, node.attrs.factor)]
    case 'avgPool2':
      return [avgPool2Gradient(dy, context.sizeOf(from))]
    case 'maxPool4':
      return [maxPool4Gradient(valueOf(pass.values, from), dy)]
    case 'dropout2d':
      return [tf.tidy(() => tf.mul(dy, pass.masks(node, dy.shape[0])))]
    case 'globalAvgPool': {
      const [, height, width] = context.sizeOf(from)
      return [globalAvgPoolGradient(dy, height, width)]
    }
    case 'dense': {
      const { weight, bias } = node.attrs
      const upstream = flattened(dy)
      context.setParameter(weight, tf.matMul(flattened(valueOf(pass.values, from)), upstream, true, false))
      if (bias !== null) context.setParameter(bias, tf.sum(upstream, 0))
      const dx = tf.matMul(upstream, matrix(parameters, weight), false, true)
      return [dx.reshape(context.sizeOf(from))]
    }
    default:
      return node satisfies never
  }
}

/** @param execute gives null where nobody reads the value
 * Evaluates the nodes in order and frees each value after its last use, but for `kept` and the logits. */
function run(
  graph: Graph,
  images: tf.Tensor4D,
  kept: ReadonlySet<NodeId>,
  execute: (node: OpNode, inputs: readonly tf.Tensor4D[]) => tf.Tensor4D | null,
): Map<NodeId, tf.Tensor4D> {
  const values = new Map<NodeId, tf.Tensor4D>()
  const lastUse = new Map(graph.nodes.flatMap((node) => node.inputs.map((id) => [id, node.id] as const)))
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((id) => valueOf(values, id))
    const value = node.op === 'input' ? images : execute(node, inputs)
    if (value !== null) values.set(node.id, value)
    for (const id of new Set(node.inputs)) {
      if (lastUse.get(id) === node.id && !kept.has(id)) {
        values.get(id)?.dispose()
        values.delete(id)
      }
    }
  }
  return values
}

function accumulate(arriving: Map<NodeId, tf.Tensor4D>, id: NodeId, gradient: tf.Tensor4D): void {
  const before = arriving.get(id)
  arriving.set(id, before ? tf.add(before, gradient) : gradient)
  if (before) {
    before.dispose()
    gradient.dispose()
  }
}

/** [batch, 1, 1, channels] as [batch, channels]. */
function flattened(x: tf.Tensor4D): tf.Tensor2D {
  return x.reshape([x.shape[0], x.shape[3]])
}

function sidesOf(graph: Graph, id: NodeId): [number, number, number] {
  const node = graph.nodes[id]
  if (!node) throw new Error(`node ${id} is not in the graph`)
  return [node.shape.height, node.shape.width, node.shape.channels]
}

function valueOf(values: ReadonlyMap<NodeId, tf.Tensor4D>, id: NodeId): tf.Tensor4D {
  const value = values.get(id)
  if (!value) throw new Error(`the value of node ${id} was freed before its last use`)
  return value
}

function only(inputs: readonly tf.Tensor4D[]): tf.Tensor4D {
  const first = inputs[0]
  if (!first) throw new Error('a node without input')
  return first
}
