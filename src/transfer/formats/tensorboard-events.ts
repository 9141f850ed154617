import { eventsFile, eventsFileName } from '../tfevents.ts'
import { defineFormat } from './format.ts'

/** TensorBoard wants one folder for each run. */
export const tensorboardEvents = defineFormat({
  id: 'tfevents',
  label: 'TensorBoard events',
  note: 'one file per run',
  subject: 'metrics',
  extension: 'tfevents',
  mediaType: 'application/octet-stream',
  isPerRun: true,
  fileName: (name, at) => eventsFileName(at, name),
  write: ({ runs: [run], at }) => (run ? eventsFile(run, at) : new Uint8Array()),
})
