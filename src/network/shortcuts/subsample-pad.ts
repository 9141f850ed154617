import { definePadding } from './define-padding.ts'

export const subsamplePad = definePadding({
  kind: 'subsample-pad',
  label: 'Zero-pad',
  note: 'Every second pixel, zero channels',
  halve: (builder, from) => builder.subsample2(from),
  pytorchHalf: 'x[:, :, ::2, ::2]',
})
