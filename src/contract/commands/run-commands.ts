// What the page asks of stored runs.
import { z } from 'zod'
import { answersSchema } from '../evaluation.ts'
import { epochRecordSchema, epochScoresSchema, logLineSchema } from '../events.ts'
import { NAME_LENGTH, NOTES_LENGTH, runEntrySchema, stepColumnsSchema } from '../run-record.ts'
import { defineCommands, done } from './define-commands.ts'

const run = z.string()
const runs = z.array(run).min(1)

export const runCommands = defineCommands({
  /** All that a stored run has reported. */
  'load-run': {
    request: { run },
    reply: z.object({
      steps: stepColumnsSchema,
      epochs: z.array(epochRecordSchema),
      log: z.array(logLineSchema),
    }),
  },
  /** What a comparison needs of a run, which is a small part of it. */
  'load-curves': {
    request: { run },
    reply: z.object({
      steps: stepColumnsSchema,
      epochs: z.array(epochScoresSchema),
      /** To the test images, of the newest epoch. */
      answers: answersSchema.nullable(),
    }),
  },
  'change-run': {
    request: {
      run,
      name: z.string().max(NAME_LENGTH).optional(),
      notes: z.string().max(NOTES_LENGTH).optional(),
    },
    reply: done,
  },
  /** Runs that are in training here or elsewhere are refused. Undone by `restore-runs` for a day. */
  'delete-runs': { request: { runs }, reply: done },
  'restore-runs': { request: { runs }, reply: done },
  /** Stored runs whole, as one zip archive, which holds as many as the archive's own limits allow. */
  'export-runs': {
    request: { runs },
    reply: z.object({ fileName: z.string(), bytes: z.instanceof(Uint8Array) }),
  },
  /** The runs of such an archive, all or none; `prefix` begins the ids of those whose own are taken. */
  'import-runs': {
    request: { file: z.file(), prefix: z.string().regex(/^\w{1,32}$/) },
    reply: z.object({ entries: z.array(runEntrySchema) }),
  },
  /** The answer is a `storage` event. */
  'measure-storage': { request: {}, reply: done },
})
