// What a person asks of a network before training it: folds over the Graph.
import { type Graph, type GraphNode, type NodeId, type Shape, usedNodes } from './graph.ts'
import { attrsOf, opOf } from './ops/index.ts'

const FLOAT_BYTES = 4

export type NetworkFacts = {
  /** Trainable values. */
  parameters: number
  /** Weight layers on the longest path: convolutions and linear layers (shortcuts not counted). */
  depth: number
  /** Floating-point operations of one image's forward pass; a multiply and an add are two. Convolutions and linear layers only. */
  forwardFlops: number
  /** Bytes of activations that one image's backward pass needs kept, at 4 bytes a value. */
  activationBytes: number
  /** Side of the square of input pixels that one value before the global pool can depend on, in pixels. */
  receptiveField: number
}

export function networkFacts(graph: Graph): NetworkFacts {
  return {
    parameters: parameterCount(graph),
    depth: Math.max(...foldPaths(graph, (node, longest) => longest + (hasWeight(node) ? 1 : 0))),
    forwardFlops: sum(graph.nodes.map((node) => forwardFlops(graph, node))),
    activationBytes:
      sum([...nodesKeptForBackward(graph)].map((id) => valuesOf(nodeAt(graph, id).shape))) * FLOAT_BYTES,
    receptiveField: receptiveField(graph),
  }
}

export function parameterCount(graph: Graph): number {
  return sum(graph.parameters.map(({ shape }) => elements(shape)))
}

/** Product of a shape's sides. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1)
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const valuesOf = ({ height, width, channels }: Shape) => height * width * channels
const hasWeight = (node: GraphNode) => node.op === 'conv2d' || node.op === 'dense'

function nodeAt(graph: Graph, id: NodeId): GraphNode {
  const node = graph.nodes[id]
  if (!node) throw new Error(`node ${id} is not in the graph`)
  return node
}

function forwardFlops(graph: Graph, node: GraphNode): number {
  if (node.op !== 'conv2d' && node.op !== 'dense') return 0
  const inputChannels = nodeAt(graph, node.inputs[0]).shape.channels
  const window = node.op === 'conv2d' ? node.attrs.kernel ** 2 : 1
  return 2 * valuesOf(node.shape) * inputChannels * window
}

/** The nodes whose values the backward pass reads. */
export function nodesKeptForBackward(graph: Graph): Set<NodeId> {
  const used = usedNodes(graph)
  const kept = new Set<NodeId>()
  for (const node of graph.nodes) {
    if (node.op === 'input' || !used.has(node.id)) continue
    const { keeps } = opOf(node)
    if (keeps === 'input') kept.add(node.inputs[0])
    if (keeps === 'output') kept.add(node.id)
  }
  return kept
}

/** Parameters and statistics of nodes that the logits do not depend on. */
export function unusedTensors(graph: Graph): Set<string> {
  const used = usedNodes(graph)
  return new Set(
    graph.nodes.flatMap((node) => {
      if (node.op === 'input' || used.has(node.id)) return []
      const statistics = node.op === 'batchNorm' ? [node.attrs.mean, node.attrs.variance] : []
      return [...(opOf(node).parameters?.(attrsOf(node)) ?? []), ...statistics]
    }),
  )
}

/** For each node, the largest value of `next` over its inputs' values (0 where there are none). */
function foldPaths(graph: Graph, next: (node: GraphNode, longest: number) => number): number[] {
  const values: number[] = []
  for (const node of graph.nodes) {
    values.push(next(node, Math.max(0, ...node.inputs.map((id) => values[id] ?? 0))))
  }
  return values
}

/** r ← r + (kernel − 1) · jump along each path; the widest path decides (arXiv:1603.07285, section 5). */
function receptiveField(graph: Graph): number {
  const jumps: number[] = []
  const fields: number[] = []
  for (const node of graph.nodes) {
    const jump = Math.max(1, ...node.inputs.map((id) => jumps[id] ?? 1))
    const field = Math.max(1, ...node.inputs.map((id) => fields[id] ?? 1))
    if (node.op === 'globalAvgPool') return field
    const { kernel, stride } = windowOf(node)
    fields.push(field + (kernel - 1) * jump)
    jumps.push(jump * stride)
  }
  return fields.at(-1) ?? 1
}

function windowOf(node: GraphNode): { kernel: number; stride: number } {
  const window = node.op === 'input' ? undefined : opOf(node).window?.(attrsOf(node))
  return window ?? { kernel: 1, stride: 1 }
}

/**
 * Where batch norms alone read a value, they subtract whatever is added to a channel: a bias there has gradient 0, which
 * nobody needs to write. (Summed up, it would be rounding errors.)
 */
export function isNormalised(graph: Graph, node: GraphNode): boolean {
  const readers = graph.nodes.filter(({ inputs }) => inputs.some((id) => id === node.id))
  return node.id !== graph.output && readers.every(({ op }) => op === 'batchNorm')
}
