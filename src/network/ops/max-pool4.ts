import type { WeightlessOp } from './define-op.ts'
import { kerasPool } from './keras-layer.ts'

/**
 * The largest of every 4×4 pixels; what fills no window is left out, as in PyTorch, and the first of several equal ones
 * has the gradient.
 */
export const maxPool4: WeightlessOp<'maxPool4'> = {
  op: 'maxPool4',
  arity: 1,
  keeps: 'input',
  shape: (x) => ({ ...x, height: Math.floor(x.height / 4), width: Math.floor(x.width / 4) }),
  window: () => ({ kernel: 4, stride: 4 }),
  text: () => '4×4 max pool',
  onnx: () => ({ type: 'MaxPool', attributes: { kernel_shape: [4, 4], strides: [4, 4] } }),
  keras: () => [kerasPool('MaxPooling2D', 4, 4), { class_name: 'Flatten', config: {} }],
}
