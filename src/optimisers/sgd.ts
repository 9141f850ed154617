import { z } from 'zod'
import { field } from '../base/kind-fields.ts'
import { decayedGradient, defineFormula } from './formula.ts'
import { averageDecay, defineOptimiser, learningRate, weightDecay } from './optimiser.ts'

type Momentum = { readonly momentum: number; readonly nesterov: boolean }

const plain = defineFormula({
  example: { momentum: 0 },
  applies: ({ momentum }: Momentum) => momentum === 0,
  update(a, inputs) {
    const { value, rate } = inputs
    return { value: a.subtract(value, a.multiply(rate, decayedGradient(a, inputs))) }
  },
})

// Slots begin as zeros: PyTorch's first step, buffer = gradient, is that too.
const withMomentum = (nesterov: boolean) =>
  defineFormula({
    slots: ['momentum'],
    example: { momentum: 0.9, nesterov },
    applies: (config: Momentum) => config.nesterov === nesterov,
    constants: ({ momentum }: Momentum) => ({ mu: momentum }),
    update(a, inputs, { momentum, mu }) {
      const { value, rate } = inputs
      const gradient = decayedGradient(a, inputs)
      const velocity = a.named('velocity', a.add(a.multiply(mu, momentum), gradient))
      const direction = nesterov ? a.add(gradient, a.multiply(mu, velocity)) : velocity
      return { value: a.subtract(value, a.multiply(rate, direction)), momentum: velocity }
    },
  })

/** PyTorch has no defaults that train a ResNet; these are of He et al. (arXiv:1512.03385, section 4.2). */
export const sgd = defineOptimiser({
  kind: 'sgd',
  label: 'SGD',
  note: 'Used by every system here',
  source: 'https://pytorch.org/docs/stable/generated/torch.optim.SGD.html',
  fields: {
    learningRate: learningRate(0.1),
    momentum: averageDecay(0.9, 'momentum', 'Momentum'),
    nesterov: field(z.boolean(), {
      name: 'Nesterov',
      label: ({ values }) => (values['momentum'] === 0 ? 'Nesterov (needs momentum)' : 'Nesterov'),
      initial: false,
      control: { kind: 'switch' },
      isDisabled: ({ values }) => values['momentum'] === 0,
    }),
    ...weightDecay(1e-4),
  },
  check: ({ momentum, nesterov }) =>
    nesterov && momentum === 0 ? { field: 'nesterov', message: 'Nesterov needs a momentum above 0' } : null,
  tidy: (config) => ({ ...config, nesterov: config.nesterov && config.momentum > 0 }),
  formulas: [plain, withMomentum(false), withMomentum(true)],
  pytorch: {
    construct: ({ momentum, nesterov }) =>
      `torch.optim.SGD(groups, lr=RATE, momentum=${momentum}, nesterov=${nesterov ? 'True' : 'False'})`,
  },
})
