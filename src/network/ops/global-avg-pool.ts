import type { WeightlessOp } from './define-op.ts'

export const globalAvgPool: WeightlessOp<'globalAvgPool'> = {
  op: 'globalAvgPool',
  arity: 1,
  shape: ({ channels }) => ({ height: 1, width: 1, channels }),
  text: () => 'global average pool',
  onnx: () => ({ type: 'GlobalAveragePool' }),
  keras: () => [{ class_name: 'GlobalAveragePooling2D', config: { data_format: 'channels_last' } }],
}
