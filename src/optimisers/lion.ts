import { defineFormula, shrunkValue } from './formula.ts'
import { averageDecay, defineOptimiser, learningRate, weightDecay } from './optimiser.ts'

type Averages = { readonly beta1: number; readonly beta2: number }

const formula = defineFormula({
  slots: ['exp_avg'],
  constants: ({ beta1, beta2 }: Averages) => ({ beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2 }),
  update(a, inputs, { exp_avg, beta1, rest1, beta2, rest2 }) {
    const { gradient, rate } = inputs
    const direction = a.sign(a.add(a.multiply(beta1, exp_avg), a.multiply(rest1, gradient)))
    return {
      value: a.subtract(shrunkValue(a, inputs), a.multiply(rate, direction)),
      exp_avg: a.add(a.multiply(beta2, exp_avg), a.multiply(rest2, gradient)),
    }
  },
})

/** torch.optim has none, so the script brings the paper's. */
const CLASS = `class Lion(torch.optim.Optimizer):
    """arXiv:2302.06675, algorithm 2."""

    def __init__(self, groups, lr, betas):
        super().__init__(groups, {'lr': lr, 'betas': betas, 'weight_decay': 0.0})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            rate, (beta1, beta2) = group['lr'], group['betas']
            for parameter in group['params']:
                if parameter.grad is None:
                    continue
                average = self.state[parameter].setdefault('exp_avg', torch.zeros_like(parameter))
                direction = torch.sign(beta1 * average + (1 - beta1) * parameter.grad)
                parameter.mul_(1 - rate * group['weight_decay']).sub_(rate * direction)
                average.mul_(beta2).add_(parameter.grad, alpha=1 - beta2)`

/** The sign of a momentum (arXiv:2302.06675); weight decay shrinks the parameter, apart from the gradient. */
export const lion = defineOptimiser({
  kind: 'lion',
  label: 'Lion',
  note: 'Sign of a momentum; decoupled weight decay',
  source: 'https://arxiv.org/abs/2302.06675',
  fields: {
    learningRate: learningRate(1e-4),
    beta1: averageDecay(0.9, 'β₁'),
    beta2: averageDecay(0.99, 'β₂'),
    ...weightDecay(0),
  },
  formulas: [formula],
  pytorch: {
    construct: ({ beta1, beta2 }) => `Lion(groups, lr=RATE, betas=(${beta1}, ${beta2}))`,
    definition: CLASS,
  },
})
