// Entries as runs come into the store: begun here, queued, or imported.
import type { DeviceInfo } from '../../contract/device-info.ts'
import type { RunConfig } from '../../config/run-config.ts'
import type { RunEntry } from '../../contract/run-record.ts'

/** Nobody trains it here: what waited for its turn elsewhere has stopped. @param newRun its id where its own is taken */
export function asImported(entry: RunEntry, newRun: string | null, prefix: string): RunEntry {
  const session = newRun === null ? entry.session : `${prefix}-${entry.session}`.slice(0, 64)
  const state = entry.state === 'queued' ? 'stopped' : entry.state
  return { ...entry, run: newRun ?? entry.run, session, state, place: null, deletedAt: null }
}

/** Of a run that begins. */
export function newEntry(begun: {
  readonly run: string
  readonly session: string
  readonly config: RunConfig
  readonly device: DeviceInfo | null
  readonly at: number
  readonly appVersion: string
}): RunEntry {
  const { at, ...known } = begun
  return {
    ...known,
    version: 1,
    group: null,
    name: '',
    notes: '',
    state: 'open',
    place: null,
    failure: null,
    createdAt: at,
    changedAt: at,
    deletedAt: null,
    seconds: 0,
    steps: 0,
    totalSteps: 0,
    stepsPerEpoch: 0,
    result: null,
    checkpointBytes: 0,
    engines: [],
  }
}

/** The config with so many epochs more. */
export function longer(config: RunConfig, epochs: number, stepsPerEpoch: number): RunConfig {
  const { unit, amount } = config.budget
  return {
    ...config,
    budget: { unit, amount: amount + (unit === 'epoch' ? epochs : epochs * stepsPerEpoch) },
  }
}
