import { decayedGradient, defineFormula, shrunkValue } from './formula.ts'
import { averageDecay, defineOptimiser, epsilon, learningRate, weightDecay } from './optimiser.ts'

type Moments = { readonly beta1: number; readonly beta2: number; readonly epsilon: number }

/** What Adam and AdamW have in common, besides the weight decay. */
export const adamFields = () => ({
  learningRate: learningRate(1e-3),
  beta1: averageDecay(0.9, 'β₁'),
  beta2: averageDecay(0.999, 'β₂'),
  epsilon: epsilon(1e-8),
})

export const adamArguments = ({ beta1, beta2, epsilon: eps }: Moments) =>
  `groups, lr=RATE, betas=(${beta1}, ${beta2}), eps=${eps}`

/** @param decoupled whether weight decay shrinks the parameter, apart from the gradient */
export const adamFormula = (decoupled: boolean) =>
  defineFormula({
    slots: ['exp_avg', 'exp_avg_sq'],
    constants: ({ beta1, beta2, epsilon: eps }: Moments) => ({
      beta1,
      rest1: 1 - beta1,
      beta2,
      rest2: 1 - beta2,
      epsilon: eps,
    }),
    /** For averages that begin as zeros (arXiv:1412.6980, section 3). */
    stepFactors: ({ beta1, beta2 }: Moments, step) => ({
      /** For the mean gradient. */
      meanCorrection: 1 / (1 - beta1 ** step),
      /** For the root of the mean squared gradient. */
      rootCorrection: 1 / Math.sqrt(1 - beta2 ** step),
    }),
    update(a, inputs, known) {
      const { beta1, rest1, beta2, rest2, meanCorrection, rootCorrection } = known
      const value = decoupled ? shrunkValue(a, inputs) : inputs.value
      const gradient = decoupled ? inputs.gradient : decayedGradient(a, inputs)
      const mean = a.named('mean', a.add(a.multiply(beta1, known.exp_avg), a.multiply(rest1, gradient)))
      const square = a.named(
        'square',
        a.add(a.multiply(beta2, known.exp_avg_sq), a.multiply(rest2, a.square(gradient))),
      )
      const root = a.add(a.multiply(a.squareRoot(square), rootCorrection), known.epsilon)
      const direction = a.divide(a.multiply(meanCorrection, mean), root)
      return {
        value: a.subtract(value, a.multiply(inputs.rate, direction)),
        exp_avg: mean,
        exp_avg_sq: square,
      }
    },
  })

/** Weight decay is added to the gradient. */
export const adam = defineOptimiser({
  kind: 'adam',
  label: 'Adam',
  note: 'Weight decay is part of the gradient',
  source: 'https://pytorch.org/docs/stable/generated/torch.optim.Adam.html',
  fields: { ...adamFields(), ...weightDecay(0) },
  formulas: [adamFormula(false)],
  pytorch: { construct: (config) => `torch.optim.Adam(${adamArguments(config)})` },
})
