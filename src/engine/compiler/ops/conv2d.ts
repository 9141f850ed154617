import type { Graph, GraphNode } from '../../../network/graph.ts'
import type { OpRules } from './op-rules.ts'

export const conv2d: OpRules<'conv2d'> = {
  forward: ({ builder, node, x, y }) =>
    builder.emit({ op: 'conv2d', reads: { x }, writes: { y }, ...node.attrs }),
  backward({ builder, node, graph, x, dy, dx: wanted }) {
    builder.emit({ op: 'conv2dWeightGradient', reads: { x, dy }, writes: {}, ...node.attrs })
    const { bias } = node.attrs
    if (bias !== null && !isNormalised(graph, node))
      builder.emit({ op: 'conv2dBiasGradient', reads: { dy }, writes: {}, bias })
    const dx = wanted()
    if (dx === null) return
    builder.emit({ op: 'conv2dInputGradient', reads: { dy }, writes: { dx }, ...node.attrs })
  },
}

/**
 * Where batch norms alone read a value, they subtract whatever is added to a channel: a bias there has gradient 0, which
 * nobody needs to write. (Summed up, it would be rounding errors.)
 */
function isNormalised(graph: Graph, node: GraphNode): boolean {
  const readers = graph.nodes.filter(({ inputs }) => inputs.some((id) => id === node.id))
  return node.id !== graph.output && readers.every(({ op }) => op === 'batchNorm')
}
