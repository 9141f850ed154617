import { pytorchSteps, stepsIn, unitField } from '../unit.ts'
import { inUnit, lengthField } from './length.ts'
import { defineWarmup } from './warmup.ts'

/** The schedule's rate, times 1/length, 2/length, … 1 in the first units: PyTorch's LinearLR. */
export const linear = defineWarmup({
  kind: 'linear',
  label: 'Linear',
  note: 'Rises to the schedule’s rate',
  source: 'https://arxiv.org/abs/1706.02677',
  fields: {
    unit: unitField('warm-up unit', 'Warm-up unit'),
    /** Five epochs (arXiv:1706.02677, section 2.2). */
    length: lengthField(5),
  },
  inUnit,
  steps: ({ unit, length }, stepsPerEpoch) => length * stepsIn(unit, stepsPerEpoch),
  ramp: ({ unit, length }, at) => (Math.floor(at.step / stepsIn(unit, at.stepsPerEpoch)) + 1) / length,
  pytorch: {
    ramp: ({ unit, length }) => [
      `begin = ${length} * ${pytorchSteps(unit)}`,
      `ramp = (step // ${pytorchSteps(unit)} + 1) / ${length} if step < begin else 1.0`,
    ],
  },
})
