import type { OpRules } from './op-rules.ts'

export const relu: OpRules<'relu'> = {
  forward: ({ builder, x, y }) => builder.emit({ op: 'relu', reads: { x }, writes: { y } }),
  backward({ builder, node, forward, dy, dx: wanted }) {
    const dx = wanted()
    if (dx !== null)
      builder.emit({ op: 'reluGradient', reads: { dy, y: forward.valueOf(node.id) }, writes: { dx } })
  },
}

export const add: OpRules<'add'> = {
  forward: ({ builder, node, forward, x, y }) =>
    builder.emit({ op: 'add', reads: { a: x, b: forward.valueOf(node.inputs[1]) }, writes: { y } }),
  // Both summands have the gradient of the sum: no operation, no copy.
  backward({ node, dy, pass }) {
    for (const summand of node.inputs) pass(summand, dy)
  },
}

export const dropout2d: OpRules<'dropout2d'> = {
  forward: ({ builder, node, x, y }) =>
    builder.emit({ op: 'dropout2d', reads: { x }, writes: { y }, ...node.attrs }),
  backward({ builder, node, dy, dx: wanted }) {
    const dx = wanted()
    if (dx !== null) builder.emit({ op: 'dropout2d', reads: { x: dy }, writes: { y: dx }, ...node.attrs })
  },
}
