import { z } from 'zod'
import { numberField } from '../../base/kind-fields.ts'
import { pytorchSteps, shortUnit, stepsIn, unitField, unitsPer } from '../unit.ts'
import { defineWarmup } from './warmup.ts'

const MOST_UNITS = 1_000_000

/** The schedule's rate, times 1/length, 2/length, … 1 in the first units: PyTorch's LinearLR. */
export const linear = defineWarmup({
  kind: 'linear',
  label: 'Linear',
  note: 'Rises to the schedule’s rate',
  source: 'https://arxiv.org/abs/1706.02677',
  fields: {
    unit: unitField('warm-up unit', 'Warm-up unit'),
    /** Five epochs (arXiv:1706.02677, section 2.2). */
    length: numberField(z.int().min(1).max(MOST_UNITS), {
      name: 'warm-up',
      label: 'Warm-up length',
      initial: 5,
      min: 1,
      max: MOST_UNITS,
      whole: true,
      unit: ({ values }) => shortUnit(values['unit']),
    }),
  },
  inUnit(config, unit, stepsPerEpoch) {
    const length = Math.round(config.length * unitsPer(config.unit, unit, stepsPerEpoch))
    return { ...config, unit, length: Math.min(MOST_UNITS, Math.max(1, length)) }
  },
  steps: ({ unit, length }, stepsPerEpoch) => length * stepsIn(unit, stepsPerEpoch),
  ramp: ({ unit, length }, at) => (Math.floor(at.step / stepsIn(unit, at.stepsPerEpoch)) + 1) / length,
  pytorch: {
    ramp: ({ unit, length }) => [
      `begin = ${length} * ${pytorchSteps(unit)}`,
      `ramp = (step // ${pytorchSteps(unit)} + 1) / ${length} if step < begin else 1.0`,
    ],
  },
})
