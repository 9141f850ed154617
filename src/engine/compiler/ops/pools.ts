import type { OpRules } from './op-rules.ts'

export const maxPool4: OpRules<'maxPool4'> = {
  forward: ({ builder, x, y }) => builder.emit({ op: 'maxPool4', reads: { x }, writes: { y } }),
  backward({ builder, x, dy, dx: wanted }) {
    const dx = wanted()
    if (dx !== null) builder.emit({ op: 'maxPool4Gradient', reads: { x, dy }, writes: { dx } })
  },
}

export const globalAvgPool: OpRules<'globalAvgPool'> = {
  forward: ({ builder, x, y }) => builder.emit({ op: 'globalAvgPool', reads: { x }, writes: { y } }),
  backward({ builder, dy, dx: wanted }) {
    const dx = wanted()
    if (dx !== null) builder.emit({ op: 'globalAvgPoolGradient', reads: { dy }, writes: { dx } })
  },
}
