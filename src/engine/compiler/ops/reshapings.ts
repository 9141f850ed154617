// What a shortcut does to the shape, and more that is linear in one value: parts of one operation, which `fuse` joins.
import type { GraphNode } from '../../../network/graph.ts'
import { AS_IT_IS, type Reshaping } from '../program.ts'
import type { OpRules } from './op-rules.ts'

function reshaping<Name extends GraphNode['op']>(
  shapeOf: (node: Extract<GraphNode, { op: Name }>) => Partial<Reshaping>,
): OpRules<Name> {
  return {
    forward: ({ builder, node, x, y }) =>
      builder.emit({ op: 'shortcut', reads: { x }, writes: { y }, ...AS_IT_IS, ...shapeOf(node) }),
    backward({ builder, node, dy, dx: wanted }) {
      const dx = wanted()
      if (dx === null) return
      builder.emit({ op: 'shortcutGradient', reads: { dy }, writes: { dx }, ...AS_IT_IS, ...shapeOf(node) })
    },
  }
}

export const RESHAPINGS = {
  subsample2: reshaping<'subsample2'>(() => ({ stride: 2 })),
  avgPool2: reshaping<'avgPool2'>(() => ({ stride: 2, window: 2 })),
  padChannels: reshaping<'padChannels'>(({ attrs }) => attrs),
  scale: reshaping<'scale'>(({ attrs }) => attrs),
}
