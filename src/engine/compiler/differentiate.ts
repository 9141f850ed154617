// Reverse-mode differentiation: the forward pass, the loss, then one gradient operation for every operation that a
// parameter's gradient passes through, then the optimiser.
import type { Graph, GraphNode, NodeId, Shape } from '../../network/graph.ts'
import { opOf } from '../../network/ops/index.ts'
import { emitForward } from './forward.ts'
import { rulesOf } from './ops/index.ts'
import type { ForwardValues } from './ops/op-rules.ts'
import { createProgramBuilder, type Program, type ProgramBuilder, type ValueId } from './program.ts'

/** One training step of a Graph. */
export function differentiate(graph: Graph): Program {
  const builder = createProgramBuilder()
  const forward = emitForward(builder, graph, 'training')
  const backward: Backward = { builder, graph, forward, wanted: nodesWithGradient(graph), found: new Map() }

  const logits = forward.valueOf(graph.output)
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

const hasParameters = (node: GraphNode) => node.op !== 'input' && opOf(node).parameters !== undefined

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
  const { builder, forward, graph, wanted } = backward
  const [input] = node.inputs
  rulesOf(node).backward({
    builder,
    node,
    graph,
    forward,
    x: forward.valueOf(input),
    dy,
    dx: () => gradientOf(backward, input, graph.nodes[input]?.shape ?? node.shape, node),
    pass: (summand, gradient) => {
      if (wanted.has(summand)) contribute(backward, summand, gradient)
    },
  })
}
