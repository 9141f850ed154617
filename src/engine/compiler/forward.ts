// A Graph's forward pass as operations, one or two a node: for training with the batch's statistics, for evaluation with
// the running ones.
import { featuresNode, type Graph, type GraphNode, type NodeId } from '../../network/graph.ts'
import { createProgramBuilder, type Program, type ProgramBuilder, type ValueId } from './program.ts'

export type ForwardValues = {
  /** The value of each node. */
  readonly of: (node: NodeId) => ValueId
  /** The batch statistics of a batch norm; training only. */
  readonly statisticsOf: (node: NodeId) => ValueId
}

/** Images → logits, with running statistics; logits and features are kept, and the answers to the images that count are counted. */
export function inferenceProgram(graph: Graph): Program {
  const builder = createProgramBuilder()
  const values = emitForward(builder, graph, 'inference')
  const logits = values.of(graph.output)
  const features = values.of(featuresNode(graph).id)
  builder.emit({ op: 'output', reads: { logits, features }, writes: {} })
  builder.emit({ op: 'count', reads: { logits }, writes: {} })
  return builder.finish()
}

export function emitForward(
  builder: ProgramBuilder,
  graph: Graph,
  mode: 'training' | 'inference',
): ForwardValues {
  const values = new Map<NodeId, ValueId>()
  const statistics = new Map<NodeId, ValueId>()
  const forward: ForwardValues = { of: lookUp(values), statisticsOf: lookUp(statistics) }
  for (const node of graph.nodes) {
    if (mode === 'training' && node.op === 'batchNorm') {
      statistics.set(node.id, builder.channels(node.shape, `statistics of ${node.op} ${node.id}`))
    }
    if (mode === 'inference' && node.op === 'dropout2d') {
      values.set(node.id, forward.of(node.inputs[0]))
      continue
    }
    const y = builder.images(node.shape, `${node.op} ${node.id}`)
    values.set(node.id, y)
    emitNode(builder, node, forward, y, mode)
  }
  return forward
}

function emitNode(
  builder: ProgramBuilder,
  node: GraphNode,
  forward: ForwardValues,
  y: ValueId,
  mode: 'training' | 'inference',
): void {
  const writes = { y }
  if (node.op === 'input') return builder.emit({ op: 'decode', reads: {}, writes })
  const x = forward.of(node.inputs[0])
  switch (node.op) {
    case 'conv2d':
      return builder.emit({ op: 'conv2d', reads: { x }, writes, ...node.attrs })
    case 'batchNorm': {
      const { momentum, ...attrs } = node.attrs
      if (mode === 'inference') {
        return builder.emit({ op: 'batchNormInference', reads: { x }, writes, ...attrs, relu: false })
      }
      const moments = builder.channels(node.shape, `moments of ${node.op} ${node.id}`)
      builder.emit({ op: 'batchNormStatistics', reads: { x }, writes: { moments } })
      return builder.emit({
        op: 'batchNormApply',
        reads: { x, moments },
        writes: { ...writes, statistics: forward.statisticsOf(node.id) },
        ...attrs,
        momentum,
        relu: false,
      })
    }
    case 'relu':
      return builder.emit({ op: 'relu', reads: { x }, writes })
    case 'add':
      return builder.emit({ op: 'add', reads: { a: x, b: forward.of(node.inputs[1]) }, writes })
    case 'subsample2':
    case 'avgPool2':
    case 'padChannels':
      return builder.emit({ op: 'shortcut', reads: { x }, writes, ...reshapingOf(node) })
    case 'maxPool4':
    case 'globalAvgPool':
      return builder.emit({ op: node.op, reads: { x }, writes })
    case 'dropout2d':
      return builder.emit({ op: 'dropout2d', reads: { x }, writes, ...node.attrs })
    case 'dense':
      return builder.emit({ op: 'dense', reads: { x }, writes, ...node.attrs })
    default:
      node satisfies never
  }
}

/** Subsampling, average pool and zero channels are parts of one operation, which `fuse` joins. */
export function reshapingOf(node: Extract<GraphNode, { op: 'subsample2' | 'avgPool2' | 'padChannels' }>) {
  const asItIs = { stride: 1, window: 1, before: 0, after: 0 } as const
  switch (node.op) {
    case 'subsample2':
      return { ...asItIs, stride: 2 } as const
    case 'avgPool2':
      return { ...asItIs, stride: 2, window: 2 } as const
    case 'padChannels':
      return { ...asItIs, ...node.attrs }
    default:
      return node satisfies never
  }
}

function lookUp<Key, Id>(map: ReadonlyMap<Key, Id>): (key: Key) => Id {
  return (key) => {
    const found = map.get(key)
    if (found === undefined) throw new Error(`node ${String(key)} has no value yet`)
    return found
  }
}
