import type { Op } from './define-op.ts'

type Attrs = { readonly weight: string; readonly bias: string | null }

export const dense: Op<'dense', Attrs> = {
  op: 'dense',
  arity: 1,
  keeps: 'input',
  text: ({ bias }) => (bias === null ? 'linear without bias' : 'linear'),
  parameters: ({ weight, bias }) => (bias === null ? [weight] : [weight, bias]),
}
