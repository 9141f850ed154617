// Stored runs for tests of the table.
import { defaultSetup } from '../../client/setup/default-setup.ts'
import type { RunConfig } from '../../config/run-config.ts'
import type { RunEntry } from '../../contract/run-record.ts'
import { heNetwork } from '../../presets/he.ts'
import { runEntry } from '../runs/run-entry.ts'
import { type RunRow, runRows } from '../../ui/runs/table/run-rows.ts'

/** A ResNet-20 of no preset, warmed up. */
export const RESNET_20: RunConfig = {
  ...defaultSetup(null),
  network: heNetwork({ n: 3 }),
  schedule: { kind: 'cosine', unit: 'iteration' },
  warmup: { kind: 'linear', unit: 'iteration', length: 40 },
}

/** One that has finished. */
export function entryOf(run: string, changes: Partial<RunEntry> = {}): RunEntry {
  return runEntry({
    run,
    session: run.slice(0, 1),
    config: RESNET_20,
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
