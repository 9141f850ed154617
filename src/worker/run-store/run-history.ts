// What a run has reported: read whole when somebody looks at it, cut where it goes on from an earlier step.
import { AppError } from '../../base/app-error.ts'
import type { ReplyOf } from '../../contract/commands.ts'
import { answersSchema } from '../../contract/evaluation.ts'
import {
  type EpochRecord,
  epochRecordSchema,
  epochScoresSchema,
  type LogLine,
  logLineSchema,
} from '../../contract/events.ts'
import { type StepColumns, stepColumnsSchema } from '../../contract/run-record.ts'
import { copiedRows, joinColumns, rowsBetween } from '../../runs/step-columns.ts'
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
  const parsed = epochRecordSchema.array().safeParse(epochs)
  const lines = logLineSchema.array().safeParse(log)
  if (!parsed.success || !lines.success) throw damaged(run)
  return { steps: wholeSteps(firsts, pieces, run), epochs: parsed.data, log: lines.data }
}

/** Without matrices and log, of which nothing is looked at. @throws AppError `run-damaged` */
export async function readCurves(database: RunDatabase, run: string): Promise<ReplyOf<'load-curves'>> {
  const [firsts, pieces, epochs] = await transact(
    database,
    ['steps', 'epochs'],
    'readonly',
    `reading run ${run}`,
    (transaction) =>
      Promise.all([
        transaction.objectStore('steps').getAllKeys(ofRun(run)),
        transaction.objectStore('steps').getAll(ofRun(run)),
        transaction.objectStore('epochs').getAll(ofRun(run)),
      ]),
  )
  const scores = epochScoresSchema.array().safeParse(epochs)
  const answers = answersSchema.nullable().safeParse(epochs.at(-1)?.answers ?? null)
  if (!scores.success || !answers.success) throw damaged(run)
  return { steps: wholeSteps(firsts, pieces, run), epochs: scores.data, answers: answers.data }
}

/** The pieces joined, none missing. */
function wholeSteps(
  keys: readonly (readonly [run: string, first: number])[],
  pieces: readonly StepColumns[],
  run: string,
): StepColumns {
  let next = 1
  for (const [i, piece] of pieces.entries()) {
    if (keys[i]?.[1] !== next || !stepColumnsSchema.safeParse(piece).success) throw damaged(run)
    next += piece.loss.length
  }
  return joinColumns(pieces)
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
        else await steps.put(copiedRows(rowsBetween(piece, 0, step - first + 1)), key)
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
      'are not affected; delete it, or export what is left of it.',
    cause && { cause },
  )
}
