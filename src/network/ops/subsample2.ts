import type { WeightlessOp } from './define-op.ts'
import { kerasPool } from './keras-layer.ts'

/** An end that no image reaches: "to the end". */
const TO_THE_END = 2 ** 31 - 1
const int64 = (...values: number[]) => ({ element: 'int64', values }) as const

/** x[::2, ::2] */
export const subsample2: WeightlessOp<'subsample2'> = {
  op: 'subsample2',
  arity: 1,
  shape: (x) => ({ ...x, height: Math.ceil(x.height / 2), width: Math.ceil(x.width / 2) }),
  window: () => ({ kernel: 1, stride: 2 }),
  text: () => 'stride-2 subsampling',
  onnx: () => ({
    type: 'Slice',
    constants: {
      starts: int64(0, 0),
      ends: int64(TO_THE_END, TO_THE_END),
      axes: int64(2, 3),
      steps: int64(2, 2),
    },
  }),
  // A window of one pixel is that pixel.
  keras: () => [kerasPool('MaxPooling2D', 1, 2)],
}
