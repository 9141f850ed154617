import { definePadding } from './define-padding.ts'

export const subsamplePad = definePadding({
  kind: 'subsample-pad',
  label: 'Zero-pad',
  note: 'Stride-2 subsampling, zero-padded channels',
  halve: (builder, from) => builder.subsample2(from),
  pytorchHalf: 'x[:, :, ::2, ::2]',
})
