import type { SessionRecord } from '../../../client/lab-record.ts'
import type { RunConfig } from '../../../contract/run-config.ts'
import { type RunEntry, runEntrySchema } from '../../../contract/run-record.ts'
import { findPreset } from '../../../network/presets.ts'
import { type RunRow, runRows } from '../run-rows.ts'

/** A preset's config, with other settings where they are given. */
export function config(id: string, given: Partial<RunConfig> = {}): RunConfig {
  const preset = findPreset(id)
  if (!preset) throw new Error(`no preset ${id}`)
  return { ...preset.config, ...given }
}

/** A run of akamaster's ResNet-20 that has finished its 10 epochs, but for what is given. */
export function entry(run: string, given: Partial<RunEntry> = {}): RunEntry {
  return runEntrySchema.parse({
    version: 1,
    run,
    session: `session of ${run}`,
    group: null,
    config: config('akamaster-20'),
    name: '',
    notes: '',
    state: 'finished',
    failure: null,
    createdAt: 0,
    changedAt: 0,
    deletedAt: null,
    device: null,
    appVersion: 'test',
    seconds: 60,
    steps: 100,
    totalSteps: 100,
    stepsPerEpoch: 10,
    result: { epoch: 10, last: 0.9, best: 0.91, testLoss: 0.3, testImages: 10_000 },
    checkpointBytes: 0,
    ...given,
  })
}

/** Rows of runs that nobody trains now. */
export function rows(...entries: readonly RunEntry[]): RunRow[] {
  return runRows(entries, { session: null, elsewhere: new Set() })
}

export function row(of: RunEntry): RunRow {
  const [only] = rows(of)
  if (!only) throw new Error(`run ${of.run} is deleted`)
  return only
}

/** A session of these runs in this tab. */
export function session(runs: readonly string[], given: Partial<SessionRecord> = {}): SessionRecord {
  return {
    session: 'here',
    state: 'running',
    phase: null,
    kernels: null,
    notice: null,
    failure: null,
    runs,
    isStored: false,
    ...given,
  }
}
