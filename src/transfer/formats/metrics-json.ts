import { metricsJson as write } from '../metrics-files.ts'
import { defineFormat } from './format.ts'

export const metricsJson = defineFormat({
  id: 'json',
  label: 'Metrics as JSON',
  note: 'every step and epoch, with the configuration',
  subject: 'metrics',
  extension: 'json',
  mediaType: 'application/json',
  write: ({ runs, device }) => write(runs, device),
})
