import { type Arithmetic, decayedGradient, defineFormula, type StepInputs } from './formula.ts'
import { averageDecay, defineOptimiser, epsilon, learningRate, weightDecay } from './optimiser.ts'

type RmsProp = { readonly alpha: number; readonly momentum: number; readonly epsilon: number }

const averageConstants = ({ alpha, epsilon: eps }: RmsProp) => ({ alpha, rest: 1 - alpha, epsilon: eps })

/** The gradient over the root of its mean square. */
function scaledGradient<Value>(
  a: Arithmetic<Value>,
  inputs: StepInputs<Value>,
  known: Readonly<Record<'square_avg' | 'alpha' | 'rest' | 'epsilon', Value>>,
): { readonly square: Value; readonly direction: Value } {
  const gradient = decayedGradient(a, inputs)
  const square = a.named(
    'square',
    a.add(a.multiply(known.alpha, known.square_avg), a.multiply(known.rest, a.square(gradient))),
  )
  const root = a.add(a.squareRoot(square), known.epsilon)
  return { square, direction: a.named('direction', a.divide(gradient, root)) }
}

const plain = defineFormula({
  slots: ['square_avg'],
  example: { momentum: 0 },
  applies: ({ momentum }: RmsProp) => momentum === 0,
  constants: averageConstants,
  update(a, inputs, known) {
    const { square, direction } = scaledGradient(a, inputs, known)
    return { value: a.subtract(inputs.value, a.multiply(inputs.rate, direction)), square_avg: square }
  },
})

const withMomentum = defineFormula({
  slots: ['square_avg', 'momentum'],
  example: { momentum: 0.9 },
  constants: (config: RmsProp) => ({ ...averageConstants(config), mu: config.momentum }),
  update(a, inputs, known) {
    const { square, direction } = scaledGradient(a, inputs, known)
    const velocity = a.named('velocity', a.add(direction, a.multiply(known.mu, known.momentum)))
    return {
      value: a.subtract(inputs.value, a.multiply(inputs.rate, velocity)),
      square_avg: square,
      momentum: velocity,
    }
  },
})

/** Not centred. */
export const rmsprop = defineOptimiser({
  kind: 'rmsprop',
  label: 'RMSProp',
  source: 'https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html',
  fields: {
    learningRate: learningRate(0.01),
    alpha: averageDecay(0.99, 'α'),
    momentum: averageDecay(0, 'momentum', 'Momentum'),
    epsilon: epsilon(1e-8),
    ...weightDecay(0),
  },
  formulas: [plain, withMomentum],
  pytorch: {
    construct: ({ alpha, momentum, epsilon: eps }) =>
      `torch.optim.RMSprop(groups, lr=RATE, alpha=${alpha}, momentum=${momentum}, eps=${eps})`,
  },
})
