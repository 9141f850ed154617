import { epochsCsv as write } from '../metrics-files.ts'
import { defineFormat } from './format.ts'

export const epochsCsv = defineFormat({
  id: 'csv',
  label: 'Epochs as CSV',
  note: 'one row per epoch, for spreadsheets and pandas',
  subject: 'metrics',
  extension: 'csv',
  mediaType: 'text/csv',
  fileName: (name) => `${name}-epochs.csv`,
  write: ({ runs }) => write(runs),
})
