import { csvLine } from '../metrics-files.ts'
import { cellText } from '../../runs/results-table.ts'
import { defineFormat } from './format.ts'

export const resultsCsv = defineFormat({
  id: 'results-csv',
  label: 'CSV',
  note: 'cells as in the table',
  subject: 'results',
  extension: 'csv',
  mediaType: 'text/csv',
  write: ({ columns, rows }) => [columns, ...rows.map((row) => row.map(cellText))].map(csvLine).join(''),
})
