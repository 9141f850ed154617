import { isNormalised } from '../../../network/network-facts.ts'
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
