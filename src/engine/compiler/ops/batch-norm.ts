import type { OpRules } from './op-rules.ts'

export const batchNorm: OpRules<'batchNorm'> = {
  forward({ builder, node, mode, forward, isUsed, x, y }) {
    const { momentum, ...attrs } = node.attrs
    const writes = { y }
    if (mode === 'inference') {
      return builder.emit({ op: 'batchNormInference', reads: { x }, writes, ...attrs, relu: false })
    }
    const moments = builder.channels(node.shape, `moments of ${node.op} ${node.id}`)
    builder.emit({ op: 'batchNormStatistics', reads: { x }, writes: { moments } })
    const statistics = forward.statisticsOf(node.id)
    if (!isUsed) {
      builder.emit({ op: 'batchNormTrack', reads: { moments }, writes: { statistics }, ...attrs, momentum })
      return
    }
    builder.emit({
      op: 'batchNormApply',
      reads: { x, moments },
      writes: { ...writes, statistics },
      ...attrs,
      momentum,
      relu: false,
    })
  },
  backward({ builder, node, forward, x, dy, dx: wanted }) {
    const sums = builder.channels(node.shape, `gradient sums of batchNorm ${node.id}`)
    const { scale, shift } = node.attrs
    const statistics = forward.statisticsOf(node.id)
    builder.emit({
      op: 'batchNormReduce',
      reads: { x, statistics, dy },
      writes: { sums },
      scale,
      shift,
    })
    const dx = wanted()
    if (dx === null) return
    const reads = { x, statistics, sums, dy }
    builder.emit({ op: 'batchNormInputGradient', reads, writes: { dx }, scale, shift })
  },
}
