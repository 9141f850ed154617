import { z } from 'zod'
import { field, numberField } from '../base/kind-fields.ts'
import { selectionMetrics } from './evaluated-epoch.ts'
import { factorField } from './factor-field.ts'
import { defineSchedule } from './schedule.ts'

const MOST_EPOCHS = 10_000

const epochsField = (initial: number, name: string, label: string) =>
  numberField(z.int().min(0).max(MOST_EPOCHS), {
    name,
    label,
    initial,
    min: 0,
    max: MOST_EPOCHS,
    whole: true,
    unit: 'epochs',
  })

/** PyTorch's `eps`: a smaller fall of the rate is none. */
const LEAST_FALL = 1e-8

/** PyTorch's ReduceLROnPlateau, with a relative threshold, asked after each whole epoch. */
export const plateau = defineSchedule({
  kind: 'plateau',
  label: 'On plateau',
  note: 'Drops when the metric plateaus',
  source: 'https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html',
  fields: {
    /** Of the validation images where some are set aside, else of the test images. */
    watches: field(z.enum(['loss', 'accuracy']), {
      name: 'watched metric',
      label: ({ isValidated }) => (isValidated ? 'Validation metric' : 'Test metric'),
      initial: 'loss',
      control: {
        kind: 'choice',
        options: [
          { id: 'loss', text: 'Loss' },
          { id: 'accuracy', text: 'Accuracy' },
        ],
      },
    }),
    /** The rate is multiplied by this */
    factor: factorField(),
    /** after more than so many epochs in a row without a better metric. */
    patience: epochsField(10, 'patience', 'Patience'),
    /** A metric is better where it betters the best by more than this share of it. */
    threshold: numberField(z.number().min(0).max(1), {
      name: 'minimum improvement',
      label: 'Min. improvement',
      initial: 1e-4,
      min: 0,
      max: 1,
      step: 1e-4,
      unit: 'of best',
    }),
    /** Epochs after a fall that are not counted. */
    cooldown: epochsField(0, 'cooldown', 'Cooldown'),
    /** The rate falls no further. */
    minRate: numberField(z.number().min(0).max(100), {
      name: 'minimum learning rate',
      label: 'Min. learning rate',
      initial: 0,
      min: 0,
      max: 100,
      step: 1e-4,
    }),
  },
  fit: ({ isValidated }) => ({ watches: isValidated ? ('accuracy' as const) : ('loss' as const) }),
  factor: () => 1,
  baseRate({ watches, factor, patience, threshold, cooldown, minRate }, base, epochs) {
    let rate = base
    let best = watches === 'loss' ? Infinity : -Infinity
    let badEpochs = 0
    let coolEpochs = 0
    for (const epoch of epochs) {
      const metric = selectionMetrics(epoch)[watches]
      const isBetter = watches === 'loss' ? metric < best * (1 - threshold) : metric > best * (1 + threshold)
      if (isBetter) best = metric
      badEpochs = isBetter ? 0 : badEpochs + 1
      if (coolEpochs > 0) {
        coolEpochs--
        badEpochs = 0
      }
      if (badEpochs <= patience) continue
      const lower = Math.max(rate * factor, minRate)
      if (rate - lower > LEAST_FALL) rate = lower
      coolEpochs = cooldown
      badEpochs = 0
    }
    return rate
  },
  drawnAs: ({ watches }, isValidated) =>
    `Shown without drops: when the rate drops depends on the ${isValidated ? 'validation' : 'test'} ${watches}.`,
  advice: (isValidated) =>
    isValidated
      ? null
      : 'This schedule watches the test set. Hold out validation images to keep the test score unbiased.',
  pytorch: {
    factor: () => ['factor = 1.0'],
    plateau: ({ watches, factor, patience, threshold, cooldown, minRate }) => [
      `WATCHES = '${watches}'`,
      '',
      '',
      'def make_plateau():',
      '    """PyTorch\'s own, asked after each epoch; it moves the rate of an optimiser that holds nothing else."""',
      '    holder = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)',
      '    return torch.optim.lr_scheduler.ReduceLROnPlateau(',
      `        holder, mode='${watches === 'loss' ? 'min' : 'max'}', factor=${factor}, patience=${patience}, threshold=${threshold},`,
      `        cooldown=${cooldown}, min_lr=${minRate}, eps=0)`,
    ],
    notCarried: 'The plateau’s best metric so far is forgotten; its rate is kept.',
  },
})
