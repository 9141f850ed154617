import type { RunEntry } from '../../contract/run-record.ts'

/** The entry of a run that waits and has reported nothing, but for what is given. */
export function runEntry(given: Pick<RunEntry, 'run' | 'session' | 'config'> & Partial<RunEntry>): RunEntry {
  return {
    version: 1,
    group: null,
    name: '',
    notes: '',
    state: 'queued',
    place: 0,
    failure: null,
    createdAt: 0,
    changedAt: 0,
    deletedAt: null,
    device: null,
    appVersion: 'test',
    seconds: 0,
    steps: 0,
    totalSteps: 0,
    stepsPerEpoch: 0,
    result: null,
    checkpointBytes: 0,
    engines: [],
    ...given,
  }
}
