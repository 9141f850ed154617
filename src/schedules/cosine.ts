import { anneal } from './anneal.ts'
import { defineSchedule } from './schedule.ts'
import { pytorchSteps, stepsIn, unitField } from './unit.ts'

/** Cosine annealing to zero over the steps after the warm-up (arXiv:1608.03983, equation 5, without restarts). */
export const cosine = defineSchedule({
  kind: 'cosine',
  label: 'Cosine',
  note: 'Decays to 0 over the run',
  source: 'https://arxiv.org/abs/1608.03983',
  fields: {
    /** How often the rate moves. */
    unit: unitField('schedule unit', 'Schedule unit'),
  },
  fit: ({ unit }) => ({ unit }),
  inUnit: (config, unit) => ({ ...config, unit }),
  factor({ unit }, { step, stepsPerEpoch, totalSteps }, begin) {
    const perUnit = stepsIn(unit, stepsPerEpoch)
    const now = Math.floor(Math.max(0, step - begin) / perUnit)
    return anneal(1, 0, now / Math.max(1, Math.ceil((totalSteps - begin) / perUnit)))
  },
  pytorch: {
    factor: ({ unit }) => [
      `unit = ${pytorchSteps(unit)}`,
      'now, units = max(0, step - begin) // unit, max(1, math.ceil((total - begin) / unit))',
      'factor = (1 + math.cos(math.pi * now / units)) / 2',
    ],
  },
})
