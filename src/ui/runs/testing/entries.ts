// Stored runs for tests of the table.
import { defaultSetup } from '../../../client/default-setup.ts'
import type { RunEntry } from '../../../contract/run-record.ts'
import { runEntry } from '../../../runs/testing/run-entry.ts'
import { type RunRow, runRows } from '../run-rows.ts'

/** One that has finished, of the default set-up. */
export function entryOf(run: string, changes: Partial<RunEntry> = {}): RunEntry {
  return runEntry({
    run,
    session: run.slice(0, 1),
    config: defaultSetup(null),
    state: 'finished',
    place: null,
    seconds: 60,
    steps: 80,
    totalSteps: 80,
    stepsPerEpoch: 40,
    result: resultOf(0.8),
    ...changes,
  })
}

export function resultOf(best: number): NonNullable<RunEntry['result']> {
  return { epoch: 2, last: best - 0.01, best, testLoss: 1 - best, testImages: 1_000 }
}

/** Nothing is in training anywhere. */
export const rowsOf = (...entries: readonly RunEntry[]): RunRow[] =>
  runRows(entries, { session: null, elsewhere: new Set() })

export const runsOf = (rows: readonly RunRow[]) => rows.map(({ entry }) => entry.run)
