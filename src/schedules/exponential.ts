import { z } from 'zod'
import { numberField } from '../base/kind-fields.ts'
import { defineSchedule } from './schedule.ts'
import { pytorchSteps, stepsIn, type Unit, unitField, unitsPer } from './unit.ts'

const MOST_RATE = 10

/** With two digits more where it will be multiplied, so that a rate that goes there and back is the same. */
const rounded = (rate: number, unit: Unit) => Number(rate.toPrecision(unit === 'epoch' ? 10 : 12))

/** PyTorch's ExponentialLR, with γ = e^(−rate); the default rate is iavicenna's. */
export const exponential = defineSchedule({
  kind: 'exponential',
  label: 'Exponential',
  note: 'Multiplied by e^(−rate) each epoch or iteration',
  source: 'https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html',
  fields: {
    /** How often the rate moves. */
    unit: unitField('schedule unit', 'Schedule unit'),
    /** After t units the rate is multiplied by e^(−rate · t). */
    rate: numberField(z.number().min(0).max(MOST_RATE), {
      name: 'decay rate',
      label: 'Decay rate',
      initial: 0.01,
      min: 0,
      max: MOST_RATE,
      step: 0.01,
      unit: ({ values }) => (values['unit'] === 'epoch' ? 'per epoch' : 'per iter.'),
    }),
  },
  inUnit(config, unit, stepsPerEpoch) {
    const rate = rounded(config.rate / unitsPer(config.unit, unit, stepsPerEpoch), unit)
    return { ...config, unit, rate: Math.min(MOST_RATE, rate) }
  },
  factor: ({ unit, rate }, at) => Math.exp(-rate * Math.floor(at.step / stepsIn(unit, at.stepsPerEpoch))),
  pytorch: {
    factor: ({ unit, rate }) => [`factor = math.exp(-${rate} * (step // ${pytorchSteps(unit)}))`],
  },
})
