import { defineSchedule } from './schedule.ts'

export const constant = defineSchedule({
  kind: 'constant',
  label: 'Constant',
  source: 'https://pytorch.org/docs/stable/optim.html',
  fields: {},
  factor: () => 1,
  pytorch: { factor: () => ['factor = 1.0'] },
})
