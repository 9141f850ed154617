import { stepsCsv as write } from '../metrics-files.ts'
import { defineFormat } from './format.ts'

export const stepsCsv = defineFormat({
  id: 'steps-csv',
  label: 'Steps as CSV',
  note: 'one row per training step',
  subject: 'metrics',
  extension: 'csv',
  mediaType: 'text/csv',
  fileName: (name) => `${name}-steps.csv`,
  write: ({ runs }) => write(runs),
})
