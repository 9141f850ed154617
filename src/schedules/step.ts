import { z } from 'zod'
import { field } from '../base/kind-fields.ts'
import { factorField } from './factor-field.ts'
import { defineSchedule } from './schedule.ts'
import { pytorchSteps, shortUnit, stepsIn, unitField, unitsPer } from './unit.ts'

const MOST_MILESTONES = 20
const LAST_MILESTONE = 100_000_000

/** Without what rounding made equal or moved to the start. */
const ascending = (milestones: readonly number[]) => [...new Set(milestones)].filter((at) => at >= 1)

/** PyTorch's MultiStepLR. */
export const step = defineSchedule({
  kind: 'step',
  label: 'Steps',
  note: 'Drops at milestones',
  source: 'https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html',
  fields: {
    unit: unitField('schedule unit', 'Schedule unit'),
    /** The rate is multiplied by `factor` from each of these on (0-based, ascending). */
    milestones: field(z.array(z.int().min(1).max(LAST_MILESTONE)).max(MOST_MILESTONES), {
      name: 'milestones',
      label: 'Milestones',
      initial: [],
      control: {
        kind: 'milestones',
        most: MOST_MILESTONES,
        last: LAST_MILESTONE,
        unit: ({ values }) => shortUnit(values['unit']),
      },
    }),
    factor: factorField(),
  },
  /** At a half and three quarters of the run, as the write-ups place them. */
  fit: ({ unit, units }) => ({
    unit,
    milestones: ascending([Math.round(units / 2), Math.round((units * 3) / 4)]),
  }),
  inUnit(config, unit, stepsPerEpoch) {
    const ratio = unitsPer(config.unit, unit, stepsPerEpoch)
    return { ...config, unit, milestones: ascending(config.milestones.map((at) => Math.round(at * ratio))) }
  },
  check: ({ milestones }) =>
    milestones.some((at, i) => i > 0 && at <= (milestones[i - 1] ?? 0))
      ? { field: 'milestones', message: 'milestones must be in ascending order' }
      : null,
  factor({ unit, milestones, factor }, at) {
    const now = Math.floor(at.step / stepsIn(unit, at.stepsPerEpoch))
    return factor ** milestones.filter((milestone) => now >= milestone).length
  },
  pytorch: {
    factor: ({ unit, milestones, factor }) => [
      `now = step // ${pytorchSteps(unit)}`,
      `factor = ${factor} ** sum(now >= milestone for milestone in [${milestones.join(', ')}])`,
    ],
  },
})
