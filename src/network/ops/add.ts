import type { WeightlessOp } from './define-op.ts'

export const add: WeightlessOp<'add', null, 2> = {
  op: 'add',
  arity: 2,
  shape: (x) => x,
  text: () => 'add the shortcut',
  onnx: () => ({ type: 'Add' }),
  keras: () => [{ class_name: 'Add', config: {} }],
}
