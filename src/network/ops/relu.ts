import type { WeightlessOp } from './define-op.ts'

export const relu: WeightlessOp<'relu'> = {
  op: 'relu',
  arity: 1,
  // Its own output serves as its mask.
  keeps: 'output',
  shape: (x) => x,
  text: () => 'ReLU',
  onnx: () => ({ type: 'Relu' }),
  keras: () => [{ class_name: 'ReLU', config: {} }],
}
