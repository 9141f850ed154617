import { z } from 'zod'
import { numberField } from '../base/kind-fields.ts'
import { anneal } from './anneal.ts'
import { defineSchedule } from './schedule.ts'

const divisorField = (initial: number, name: string, label: string) =>
  numberField(z.number().min(1).max(1e9), { name, label, initial, min: 1, max: 1e9 })

/**
 * PyTorch's OneCycleLR with its two phases (arXiv:1708.07120), annealed by cosines, step by step, over the steps after
 * the warm-up; the momentum stays as it is. The rate is highest at the step before `rise` of them.
 */
export const oneCycle = defineSchedule({
  kind: 'one-cycle',
  label: 'One cycle',
  note: 'Rises, then falls; momentum is constant',
  source: 'https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html',
  fields: {
    /** The share of the steps in which the rate rises to its base (`pct_start`). */
    rise: numberField(z.number().min(0).max(1), {
      name: 'rise',
      label: 'Rising phase',
      initial: 0.3,
      min: 0,
      max: 1,
      step: 0.05,
      unit: 'of the run',
    }),
    /** The rate begins at its base divided by this (`div_factor`), */
    startDivisor: divisorField(25, 'initial divisor', 'Initial divisor'),
    /** and ends at where it began divided by this (`final_div_factor`). */
    endDivisor: divisorField(1e4, 'final divisor', 'Final divisor'),
  },
  factor({ rise, startDivisor, endDivisor }, { step, totalSteps }, begin) {
    const now = Math.max(0, step - begin)
    const total = totalSteps - begin
    const start = 1 / startDivisor
    const top = rise * total - 1
    if (now < top) return anneal(start, 1, now / top)
    const last = total - 1
    return last <= top ? 1 : anneal(1, start / endDivisor, Math.min(1, (now - top) / (last - top)))
  },
  pytorch: {
    factor: ({ rise, startDivisor, endDivisor }) => [
      `start, end = 1 / ${startDivisor}, 1 / ${startDivisor} / ${endDivisor}`,
      `now, top, last = max(0, step - begin), ${rise} * (total - begin) - 1, total - begin - 1`,
      'if now < top:',
      '    factor = 1 + (start - 1) / 2 * (1 + math.cos(math.pi * now / top))',
      'elif last <= top:',
      '    factor = 1.0',
      'else:',
      '    done = min(1, (now - top) / (last - top))',
      '    factor = end + (1 - end) / 2 * (1 + math.cos(math.pi * done))',
    ],
  },
})
