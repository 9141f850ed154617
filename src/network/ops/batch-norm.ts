import type { Op } from './define-op.ts'

type Attrs = {
  readonly scale: string
  readonly shift: string
  readonly mean: string
  readonly variance: string
  readonly epsilon: number
  /** running ← (1 − momentum) · running + momentum · batch, as in PyTorch. */
  readonly momentum: number
}

export const batchNorm: Op<'batchNorm', Attrs> = {
  op: 'batchNorm',
  arity: 1,
  keeps: 'input',
  text: () => 'batch norm',
  parameters: ({ scale, shift }) => [scale, shift],
}
