import { z } from 'zod'
import { numberField } from '../../base/kind-fields.ts'
import { pytorchSteps, stepsIn, unitField } from '../unit.ts'
import { defineWarmup } from './warmup.ts'
import { inUnit, lengthField } from './length.ts'

/** The schedule's rate, times one factor in the first units: PyTorch's ConstantLR. */
export const constant = defineWarmup({
  kind: 'constant',
  label: 'Constant',
  note: 'A fraction of the rate first, as akamaster’s ResNet-110',
  source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ConstantLR.html',
  fields: {
    unit: unitField('warm-up unit', 'Warm-up unit'),
    length: lengthField(1),
    factor: numberField(z.number().positive().max(1), {
      name: 'warm-up factor',
      label: 'Rate times',
      initial: 0.1,
      min: 1e-4,
      max: 1,
      step: 0.05,
    }),
  },
  inUnit,
  steps: ({ unit, length }, stepsPerEpoch) => length * stepsIn(unit, stepsPerEpoch),
  ramp: ({ factor }) => factor,
  pytorch: {
    ramp: ({ unit, length, factor }) => [
      `begin = ${length} * ${pytorchSteps(unit)}`,
      `ramp = ${factor} if step < begin else 1.0`,
    ],
  },
})
