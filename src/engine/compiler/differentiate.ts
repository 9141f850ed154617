// Reverse-mode differentiation: the forward pass, the loss, then one gradient operation for every operation that a
// parameter's gradient passes through, then the optimiser.
import type { Graph, GraphNode, NodeId, Shape } from '../../network/graph.ts'
import { emitForward, type ForwardValues, reshapingOf } from './forward.ts'
import { createProgramBuilder, type Program, type ProgramBuilder, type ValueId } from './program.ts'

/** One training step of a Graph. */
export function differentiate(graph: Graph): Program {
  const builder = createProgramBuilder()
  const forward = emitForward(builder, graph, 'training')
  const backward: Backward = { builder, graph, forward, wanted: nodesWithGradient(graph), found: new Map() }

  const logits = forward.of(graph.output)
  const dLogits = builder.images({ height: 1, width: 1, channels: graph.classes }, 'gradient of the logits')
  builder.emit({ op: 'crossEntropy', reads: { logits }, writes: { dLogits } })
  backward.found.set(graph.output, [dLogits])
  for (const node of graph.nodes.toReversed()) {
    const dy = totalGradient(backward, node)
    if (dy !== null) emitGradients(backward, node, dy)
  }
  builder.emit({ op: 'optimise', reads: {}, writes: {} })
  return builder.finish()
}

type Backward = {
  readonly builder: ProgramBuilder
  readonly graph: Graph
  readonly forward: ForwardValues
  /** Nodes whose value depends on a parameter. */
  readonly wanted: ReadonlySet<NodeId>
  /** For each node, the gradients of its value by each of its uses. */
  readonly found: Map<NodeId, ValueId[]>
}

const hasParameters = (node: GraphNode) => ['conv2d', 'batchNorm', 'dense'].includes(node.op)

function nodesWithGradient(graph: Graph): Set<NodeId> {
  const wanted = new Set<NodeId>()
  for (const node of graph.nodes) {
    if (hasParameters(node) || node.inputs.some((id) => wanted.has(id))) wanted.add(node.id)
  }
  return wanted
}

/** The sum over a node's uses; null where no gradient reaches it. */
function totalGradient({ builder, found }: Backward, node: GraphNode): ValueId | null {
  const [first, ...others] = found.get(node.id) ?? []
  if (first === undefined) return null
  let total = first
  for (const other of others) {
    const sum = builder.images(node.shape, `gradient of ${node.op} ${node.id}`)
    builder.emit({ op: 'add', reads: { a: total, b: other }, writes: { y: sum } })
    total = sum
  }
  return total
}

/** A new value for the gradient of a node's input by this use; null where none is wanted. */
function gradientOf(backward: Backward, input: NodeId, shape: Shape, by: GraphNode): ValueId | null {
  if (!backward.wanted.has(input)) return null
  const id = backward.builder.images(shape, `gradient of node ${input} by ${by.op} ${by.id}`)
  contribute(backward, input, id)
  return id
}

function contribute({ found }: Backward, input: NodeId, gradient: ValueId): void {
  found.set(input, [...(found.get(input) ?? []), gradient])
}

function emitGradients(backward: Backward, node: GraphNode, dy: ValueId): void {
  if (node.op === 'input') return
  const { builder, forward, graph } = backward
  const [input] = node.inputs
  if (node.op === 'add') {
    // Both summands have the gradient of the sum: no operation, no copy.
    for (const summand of node.inputs) if (backward.wanted.has(summand)) contribute(backward, summand, dy)
    return
  }
  const x = forward.of(input)
  if (node.op === 'conv2d') {
    builder.emit({ op: 'conv2dWeightGradient', reads: { x, dy }, writes: {}, ...node.attrs })
    const { bias } = node.attrs
    if (bias !== null && !isNormalised(graph, node))
      builder.emit({ op: 'conv2dBiasGradient', reads: { dy }, writes: {}, bias })
  }
  if (node.op === 'dense')
    builder.emit({ op: 'denseWeightGradient', reads: { x, dy }, writes: {}, ...node.attrs })
  const sums = node.op === 'batchNorm' ? emitReduce(backward, node, dy) : null

  const dx = gradientOf(backward, input, graph.nodes[input]?.shape ?? node.shape, node)
  if (dx === null) return
  const writes = { dx }
  switch (node.op) {
    case 'conv2d':
      return builder.emit({ op: 'conv2dInputGradient', reads: { dy }, writes, ...node.attrs })
    case 'batchNorm': {
      if (sums === null) return
      const { scale, shift } = node.attrs
      const reads = { x, statistics: forward.statisticsOf(node.id), sums, dy }
      return builder.emit({ op: 'batchNormInputGradient', reads, writes, scale, shift })
    }
    case 'relu':
      return builder.emit({ op: 'reluGradient', reads: { dy, y: forward.of(node.id) }, writes })
    case 'subsample2':
    case 'avgPool2':
    case 'padChannels':
      return builder.emit({ op: 'shortcutGradient', reads: { dy }, writes, ...reshapingOf(node) })
    case 'maxPool4':
      return builder.emit({ op: 'maxPool4Gradient', reads: { x, dy }, writes })
    case 'dropout2d':
      return builder.emit({ op: 'dropout2d', reads: { x: dy }, writes: { y: dx }, ...node.attrs })
    case 'globalAvgPool':
      return builder.emit({ op: 'globalAvgPoolGradient', reads: { dy }, writes })
    case 'dense':
      return builder.emit({ op: 'denseInputGradient', reads: { dy }, writes, ...node.attrs })
    default:
      node satisfies never
  }
}

/**
 * Where batch norms alone read a value, they subtract whatever is added to a channel: a bias there has gradient 0, which
 * nobody needs to write. (Summed up, it would be rounding errors.)
 */
function isNormalised(graph: Graph, node: GraphNode): boolean {
  const readers = graph.nodes.filter(({ inputs }) => inputs.some((id) => id === node.id))
  return node.id !== graph.output && readers.every(({ op }) => op === 'batchNorm')
}

function emitReduce(
  { builder, forward }: Backward,
  node: Extract<GraphNode, { op: 'batchNorm' }>,
  dy: ValueId,
): ValueId {
  const sums = builder.channels(node.shape, `gradient sums of batchNorm ${node.id}`)
  const { scale, shift } = node.attrs
  const reads = { x: forward.of(node.inputs[0]), statistics: forward.statisticsOf(node.id), dy }
  builder.emit({ op: 'batchNormReduce', reads, writes: { sums }, scale, shift })
  return sums
}
