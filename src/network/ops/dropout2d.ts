import type { WeightlessOp } from './define-op.ts'

type Attrs = {
  /** The probability with which a channel of an image is dropped, in [0, 1). */
  readonly rate: number
  /** The how-manieth dropout of the network, from 0: its draws do not move when a shortcut is removed. */
  readonly layer: number
}

/** In training, zeros instead of some channels of an image, the others divided by 1 − rate (arXiv:1411.4280). */
export const dropout2d: WeightlessOp<'dropout2d', Attrs> = {
  op: 'dropout2d',
  arity: 1,
  shape: (x) => x,
  text: ({ rate }) => `dropout of whole channels, p = ${rate}`,
  onnx: () => null,
  keras: () => [],
}
