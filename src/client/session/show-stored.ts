// A session as it is stored, in place of the one that is shown.
import type { Progress, SessionState } from '../../contract/events.ts'
import type { RunEntry } from '../../contract/run-record.ts'
import { type Side, sideOf } from '../../runs/pair.ts'
import type { StoredRun } from '../runs/stored-runs.ts'
import type { RunRecord } from './run-record.ts'
import type { SessionRecord } from './session-record.ts'
import type { LogEntry, SessionSlice } from './session-slice.ts'

/**
 * A session as it is stored, with all that its runs have reported, in place of what is shown now. What was left in
 * training, or stopped, is paused where it can go on.
 */
export function showStored<Slice extends SessionSlice>(slice: Slice, stored: readonly StoredRun[]): Slice {
  const [first] = stored
  if (!first) return slice
  const { session } = first.entry
  const runs: Record<Side, RunRecord | null> = { a: null, b: null }
  for (const { entry, steps, epochs } of stored) {
    const { run, config, failure } = entry
    runs[sideOf(config)] = { run, config, failure, steps, epochs }
  }
  const ofSession: SessionRecord = {
    session,
    state: storedState(stored.map(({ entry }) => entry)),
    phase: null,
    kernels: null,
    notice: null,
    failure: null,
    runs: stored.map(({ entry }) => entry.run),
    isStored: true,
  }
  return { ...slice, session: ofSession, progress: storedProgress(first), runs, log: storedLog(stored) }
}

/** How a session stands whose runs are stored so. What was left in training, or stopped, is paused: it can go on. */
function storedState(entries: readonly RunEntry[]): SessionState {
  const trainable = entries.filter(({ failure }) => failure?.code !== 'training-diverged')
  if (trainable.length === 0) return 'failed'
  return trainable.every(({ state }) => state === 'finished') ? 'finished' : 'paused'
}

/** Where a stored run stands in its budget. */
function storedProgress({ entry, epochs }: StoredRun): Progress | null {
  const { steps, totalSteps, stepsPerEpoch, seconds } = entry
  if (totalSteps === 0) return null
  const epoch = Math.ceil(steps / stepsPerEpoch)
  return {
    step: steps,
    totalSteps,
    epoch: Math.max(epoch, epochs.at(-1)?.epoch ?? 0),
    totalEpochs: Math.ceil(totalSteps / stepsPerEpoch),
    stepInEpoch: steps - Math.max(0, epoch - 1) * stepsPerEpoch,
    stepsPerEpoch,
    imagesPerSecond: null,
    secondsElapsed: seconds,
    secondsLeft: null,
    evaluated: null,
  }
}

/** In order of time; a line that every run has is the session's, and stands once. */
function storedLog(stored: readonly StoredRun[]): LogEntry[] {
  const lines = new Map<string, LogEntry>()
  for (const { entry, log } of stored) {
    for (const { at, level, text } of log) {
      const key = `${at} ${text}`
      lines.set(key, { at, level, text, side: lines.has(key) ? null : sideOf(entry.config) })
    }
  }
  return [...lines.values()].toSorted((one, other) => one.at - other.at)
}
