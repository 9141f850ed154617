import type { WeightlessOp } from './define-op.ts'
import { kerasPool } from './keras-layer.ts'

/** The mean of every 2×2 pixels; an odd last row or column is left out, as in PyTorch. */
export const avgPool2: WeightlessOp<'avgPool2'> = {
  op: 'avgPool2',
  arity: 1,
  shape: (x) => ({ ...x, height: Math.floor(x.height / 2), width: Math.floor(x.width / 2) }),
  window: () => ({ kernel: 2, stride: 2 }),
  text: () => '2×2 average pool',
  onnx: () => ({ type: 'AveragePool', attributes: { kernel_shape: [2, 2], strides: [2, 2] } }),
  keras: () => [kerasPool('AveragePooling2D', 2, 2)],
}
