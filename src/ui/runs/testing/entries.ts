// Stored runs for tests of the table.
import { defaultSetup } from '../../../client/default-setup.ts'
import type { RunEntry } from '../../../contract/run-record.ts'
import { type RunRow, runRows } from '../run-rows.ts'

/** One that has finished, of the default set-up. */
export function entryOf(run: string, changes: Partial<RunEntry> = {}): RunEntry {
  return {
    version: 1,
    run,
    session: run.slice(0, 1),
    group: null,
    place: null,
    config: defaultSetup(null),
    name: '',
    notes: '',
    state: 'finished',
    failure: null,
    createdAt: 0,
    changedAt: 0,
    deletedAt: null,
    device: null,
    appVersion: '0.1.0',
    seconds: 60,
    steps: 80,
    totalSteps: 80,
    stepsPerEpoch: 40,
    result: resultOf(0.8),
    checkpointBytes: 0,
    ...changes,
  }
}

export function resultOf(best: number): NonNullable<RunEntry['result']> {
  return { epoch: 2, last: best - 0.01, best, testLoss: 1 - best, testImages: 1_000 }
}

/** Nothing is in training anywhere. */
export const rowsOf = (...entries: readonly RunEntry[]): RunRow[] =>
  runRows(entries, { session: null, elsewhere: new Set() })

export const runsOf = (rows: readonly RunRow[]) => rows.map(({ entry }) => entry.run)
