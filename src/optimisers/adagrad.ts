import { decayedGradient, defineFormula } from './formula.ts'
import { defineOptimiser, epsilon, learningRate, weightDecay } from './optimiser.ts'

type Adagrad = { readonly epsilon: number }

const formula = defineFormula({
  slots: ['sum'],
  constants: ({ epsilon: eps }: Adagrad) => ({ epsilon: eps }),
  update(a, inputs, known) {
    const gradient = decayedGradient(a, inputs)
    const total = a.named('total', a.add(known.sum, a.square(gradient)))
    const direction = a.divide(gradient, a.add(a.squareRoot(total), known.epsilon))
    return { value: a.subtract(inputs.value, a.multiply(inputs.rate, direction)), sum: total }
  },
})

export const adagrad = defineOptimiser({
  kind: 'adagrad',
  label: 'Adagrad',
  source: 'https://pytorch.org/docs/stable/generated/torch.optim.Adagrad.html',
  fields: { learningRate: learningRate(0.01), epsilon: epsilon(1e-10), ...weightDecay(0) },
  formulas: [formula],
  pytorch: { construct: ({ epsilon: eps }) => `torch.optim.Adagrad(groups, lr=RATE, eps=${eps})` },
})
