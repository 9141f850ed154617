import { definePadding } from './define-padding.ts'

export const avgpoolPad = definePadding({
  kind: 'avgpool-pad',
  label: 'Average, zero-pad',
  note: '2×2 average pool, zero-padded channels',
  halve: (builder, from) => builder.avgPool2(from),
  pytorchHalf: 'functional.avg_pool2d(x, 2)',
})
