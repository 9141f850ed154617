// A Graph's forward pass as operations, one or two a node: for training with the batch's statistics, for evaluation with
// the running ones.
import { featuresNode, type Graph, type NodeId, usedNodes } from '../../network/graph.ts'
import { rulesOf } from './ops/index.ts'
import type { ForwardValues } from './ops/op-rules.ts'
import { createProgramBuilder, type Program, type ProgramBuilder, type ValueId } from './program.ts'

/** Images → logits, with running statistics; logits and features are kept, and the answers to the images that count are counted. */
export function inferenceProgram(graph: Graph): Program {
  const builder = createProgramBuilder()
  const values = emitForward(builder, graph, 'inference')
  const logits = values.valueOf(graph.output)
  const features = values.valueOf(featuresNode(graph).id)
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
  const forward: ForwardValues = { valueOf: lookUp(values), statisticsOf: lookUp(statistics) }
  const used = usedNodes(graph)
  for (const node of graph.nodes) {
    const isUsed = used.has(node.id)
    if (mode === 'inference' && !isUsed) continue
    if (mode === 'training' && node.op === 'batchNorm') {
      statistics.set(node.id, builder.channels(node.shape, `statistics of ${node.op} ${node.id}`))
    }
    if (mode === 'inference' && node.op === 'dropout2d') {
      values.set(node.id, forward.valueOf(node.inputs[0]))
      continue
    }
    const y = builder.images(node.shape, `${node.op} ${node.id}`)
    values.set(node.id, y)
    if (node.op === 'input') builder.emit({ op: 'decode', reads: {}, writes: { y } })
    else
      rulesOf(node).forward({ builder, node, mode, forward, isUsed, x: forward.valueOf(node.inputs[0]), y })
  }
  return forward
}

function lookUp<Key, Id>(map: ReadonlyMap<Key, Id>): (key: Key) => Id {
  return (key) => {
    const found = map.get(key)
    if (found === undefined) throw new Error(`node ${String(key)} has no value yet`)
    return found
  }
}
