import type { OpRules } from './op-rules.ts'

export const dense: OpRules<'dense'> = {
  forward: ({ builder, node, x, y }) =>
    builder.emit({ op: 'dense', reads: { x }, writes: { y }, ...node.attrs }),
  backward({ builder, node, x, dy, dx: wanted }) {
    builder.emit({ op: 'denseWeightGradient', reads: { x, dy }, writes: {}, ...node.attrs })
    const dx = wanted()
    if (dx !== null) builder.emit({ op: 'denseInputGradient', reads: { dy }, writes: { dx }, ...node.attrs })
  },
}
