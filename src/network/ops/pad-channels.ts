import type { WeightlessOp } from './define-op.ts'
import { kerasConvolution } from './keras-layer.ts'

type Attrs = { readonly before: number; readonly after: number }

/** Zero channels before and after the input's. */
export const padChannels: WeightlessOp<'padChannels', Attrs> = {
  op: 'padChannels',
  arity: 1,
  shape: (x, { before, after }) => ({ ...x, channels: before + x.channels + after }),
  text: ({ before, after }) => `zero-padded channels: ${before} before, ${after} after`,
  step: () => 'zero-padded channels',
  onnx: ({ before, after }) => ({
    type: 'Pad',
    constants: { pads: { element: 'int64', values: [0, before, 0, 0, 0, after, 0, 0] } },
  }),
  // A convolution of ones and zeros: Keras pads no channels, and a product with 1 is exact.
  keras({ before, after }, { channels }) {
    const out = before + channels + after
    const values = new Float32Array(channels * out)
    for (let channel = 0; channel < channels; channel++) values[channel * out + before + channel] = 1
    return [kerasConvolution({ out, kernel: 1, stride: 1 }, values, null, channels)]
  },
}
