import type { WeightlessOp } from './define-op.ts'

type Attrs = { readonly factor: number }

/** Every value times a constant. */
export const scale: WeightlessOp<'scale', Attrs> = {
  op: 'scale',
  arity: 1,
  shape: (x) => x,
  text: ({ factor }) => `times ${factor}`,
  onnx: ({ factor }) => ({
    type: 'Mul',
    constants: { factor: { element: 'float', values: [factor] } },
  }),
  keras: ({ factor }) => [{ class_name: 'Rescaling', config: { scale: factor, offset: 0 } }],
}
