import type { Op } from './define-op.ts'

type Attrs = {
  readonly kernel: 1 | 3
  readonly stride: 1 | 2
  readonly weight: string
  readonly bias: string | null
}

/** Zero padding of (kernel − 1) / 2 on every side, as in PyTorch (so not TensorFlow's `same` when stride is 2). */
export const conv2d: Op<'conv2d', Attrs> = {
  op: 'conv2d',
  arity: 1,
  keeps: 'input',
  window: (attrs) => attrs,
  text(attrs) {
    const details = [attrs.stride > 1 && `stride ${attrs.stride}`, attrs.bias !== null && 'bias']
    return [name(attrs), ...details.filter((text) => text !== false)].join(', ')
  },
  step: name,
  parameters: ({ weight, bias }) => (bias === null ? [weight] : [weight, bias]),
}

function name({ kernel }: Attrs): string {
  return `${kernel}×${kernel} convolution`
}
