// What a run has reported: read whole when somebody looks at it, cut where it goes on from an earlier step.
import { AppError } from '../../contract/app-error.ts'
import { type EpochRecord, epochRecordSchema, type LogLine, logLineSchema } from '../../contract/events.ts'
import { type StepColumns, stepColumnsSchema } from '../../contract/run-record.ts'
import { firstRows, joinColumns } from '../../runs/step-columns.ts'
import { ofRun, type RunDatabase, transact } from './run-database.ts'

export type RunHistory = {
  readonly steps: StepColumns
  readonly epochs: EpochRecord[]
  readonly log: LogLine[]
}

/** @throws AppError `run-damaged` where a piece is missing or is not what was written */
export async function readHistory(database: RunDatabase, run: string): Promise<RunHistory> {
  const [firsts, pieces, epochs, log] = await transact(
    database,
    ['steps', 'epochs', 'log'],
    'readonly',
    `reading run ${run}`,
    (transaction) =>
      Promise.all([
        transaction.objectStore('steps').getAllKeys(ofRun(run)),
        transaction.objectStore('steps').getAll(ofRun(run)),
        transaction.objectStore('epochs').getAll(ofRun(run)),
        transaction.objectStore('log').getAll(ofRun(run)),
      ]),
  )
  let next = 1
  for (const [i, piece] of pieces.entries()) {
    if (firsts[i]?.[1] !== next || !stepColumnsSchema.safeParse(piece).success) throw damaged(run)
    next += piece.loss.length
  }
  const parsed = epochRecordSchema.array().safeParse(epochs)
  const lines = logLineSchema.array().safeParse(log)
  if (!parsed.success || !lines.success) throw damaged(run)
  return { steps: joinColumns(pieces), epochs: parsed.data, log: lines.data }
}

/** Drops what was reported after a step. */
export function rewindHistory(database: RunDatabase, run: string, step: number): Promise<void> {
  return transact(
    database,
    ['steps', 'epochs'],
    'readwrite',
    `going back in run ${run}`,
    async (transaction) => {
      const steps = transaction.objectStore('steps')
      for (const key of await steps.getAllKeys(ofRun(run))) {
        const [, first] = key
        const piece = await steps.get(key)
        if (!piece || first + piece.loss.length - 1 <= step) continue
        if (first > step) await steps.delete(key)
        else await steps.put(firstRows(piece, step - first + 1), key)
      }
      const epochs = transaction.objectStore('epochs')
      for (const key of await epochs.getAllKeys(ofRun(run))) {
        if (((await epochs.get(key))?.step ?? 0) > step) await epochs.delete(key)
      }
    },
  )
}

export function damaged(run: string, cause?: Error): AppError {
  return new AppError(
    'run-damaged',
    `Run ${run} is damaged in this browser's storage: a part of it is missing or is not what was written. Other runs ` +
      'are not affected; delete it, or take home what is left of it.',
    cause && { cause },
  )
}
