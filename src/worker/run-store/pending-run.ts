// What a run in training has reported: what of it is not stored yet, and all of it, for a store that has lost it.
import { selectionMetrics } from '../../schedules/evaluated-epoch.ts'
import type { EpochRecord, LogLine, SessionState, TrainEvent } from '../../contract/events.ts'
import type { RunEntry, RunState, StepColumns } from '../../contract/run-record.ts'
import { type RunReports, withReport } from '../../runs/run-reports.ts'
import { runResult } from '../../runs/run-result.ts'
import { copiedRows, NO_STEPS, rowsBetween, withRows } from '../../runs/step-columns.ts'
import type { Checkpoint } from '../../training/checkpoint.ts'
import { writeCheckpoint } from '../../transfer/checkpoint-file.ts'
import type { RunAddition } from './run-store.ts'
import type { NewCheckpoint } from './stored-checkpoints.ts'

/** All that a run has reported, with its last checkpoint; a new object when something was added. */
export type WholeRun = RunReports & {
  readonly log: readonly LogLine[]
  readonly checkpoint: Checkpoint | null
}

const NOTHING: WholeRun = { steps: NO_STEPS, epochs: [], log: [], checkpoint: null }

export type PendingRun = {
  /** As it will be written. */
  entry: RunEntry
  /** Of the steps from `firstStep` on. */
  steps: StepColumns
  firstStep: number
  epochs: EpochRecord[]
  log: LogLine[]
  /** Goes with whatever is written next of the run, so that no entry is ahead of its checkpoint. */
  checkpoint: Checkpoint | null
  /** After this step what is stored is void, because the session went back; null where all of it stands. */
  rewindTo: number | null
  /** Stored or not. */
  whole: WholeRun
  /** Whether the store has the run. */
  isStored: boolean
}

/** @param stored all of a run that goes on; null for a new one */
export function pendingRun(entry: RunEntry, stored: WholeRun | null): PendingRun {
  return {
    entry,
    steps: NO_STEPS,
    firstStep: 1,
    epochs: [],
    log: [],
    checkpoint: null,
    rewindTo: null,
    whole: stored ?? NOTHING,
    isStored: stored !== null,
  }
}

export function noteCheckpoint(pending: PendingRun, checkpoint: Checkpoint): void {
  pending.checkpoint = checkpoint
  pending.whole = { ...pending.whole, checkpoint }
}

/** @returns whether the run's state has changed, which is worth writing at once */
export function noteSession(
  pending: PendingRun,
  { state: sessionState, failure, runs }: Extract<TrainEvent, { kind: 'session' }>,
): boolean {
  const { entry } = pending
  const mine = runs.find(({ run }) => run === entry.run)
  if (!mine) return false
  const state = mine.failure ? 'failed' : stateAfter(sessionState, entry.state)
  // What has ended has left the queue.
  const place = state === 'open' ? entry.place : null
  pending.entry = { ...entry, config: mine.config, failure: mine.failure ?? failure, state, place }
  return state !== entry.state
}

/** Notes what a session says of its run, or of all of its runs. */
export function noteReport(pending: PendingRun, event: TrainEvent): void {
  if ('run' in event && event.run !== null && event.run !== pending.entry.run) return
  pending.whole = withNews(pending.whole, event)
  switch (event.kind) {
    case 'progress': {
      const { totalSteps, stepsPerEpoch, secondsElapsed } = event.progress
      pending.entry = { ...pending.entry, totalSteps, stepsPerEpoch, seconds: secondsElapsed }
      return
    }
    case 'steps':
      if (pending.steps.loss.length === 0) pending.firstStep = event.points[0]?.step ?? pending.firstStep
      pending.steps = withRows(pending.steps, event.points)
      return
    case 'epoch': {
      const { kind: _kind, run: _run, ...epoch } = event
      pending.epochs.push(epoch)
      return
    }
    case 'rewound':
      pending.rewindTo = Math.min(pending.rewindTo ?? Number.POSITIVE_INFINITY, event.step)
      pending.steps = rowsBetween(pending.steps, 0, Math.max(0, event.step + 1 - pending.firstStep))
      pending.epochs = pending.epochs.filter(({ step }) => step <= event.step)
      return
    case 'log': {
      const { kind: _kind, run: _run, ...line } = event
      pending.log.push(line)
      return
    }
    default:
      return
  }
}

function withNews(whole: WholeRun, event: TrainEvent): WholeRun {
  switch (event.kind) {
    case 'steps':
    case 'epoch':
    case 'rewound':
      return withReport(whole, event)
    case 'log': {
      const { kind: _kind, run: _run, ...line } = event
      return { ...whole, log: [...whole.log, line] }
    }
    default:
      return whole
  }
}

/** All that is pending, to be written; its entry is as of the checkpoint that goes with it. */
export function additionOf(pending: PendingRun, at: number): RunAddition {
  const { steps, firstStep, epochs, log, checkpoint } = pending
  if (checkpoint) {
    const { config, engines, state } = checkpoint
    pending.entry = { ...pending.entry, steps: state.steps, config, engines: [...engines] }
  }
  pending.entry = { ...pending.entry, changedAt: at, result: resultOf(pending.entry, checkpoint) }
  return {
    entry: pending.entry,
    continues: pending.isStored,
    steps: steps.loss.length === 0 ? null : { first: firstStep, columns: copiedRows(steps) },
    epochs: [...epochs],
    log: [...log],
    checkpoints: checkpoint ? [newCheckpoint(checkpoint)] : [],
  }
}

/** The same for a store that has lost the run: all of it. @param whole as it was when the addition was made */
export function wholeAddition(
  { entry }: RunAddition,
  { steps, epochs, log, checkpoint }: WholeRun,
): RunAddition {
  return {
    entry,
    steps: steps.loss.length === 0 ? null : { first: 1, columns: copiedRows(steps) },
    epochs,
    log,
    checkpoints: checkpoint ? [newCheckpoint(checkpoint)] : [],
  }
}

/** Takes away what was written; more may have come meanwhile. @param checkpoint the one that was written */
export function forget(
  pending: PendingRun,
  { steps, epochs, log }: RunAddition,
  checkpoint: Checkpoint | null,
): void {
  const written = steps?.columns.loss.length ?? 0
  // Where the session went back meanwhile, fewer of them are still pending.
  const rows =
    pending.rewindTo === null
      ? written
      : Math.min(written, Math.max(0, pending.rewindTo + 1 - (steps?.first ?? pending.firstStep)))
  pending.steps = rowsBetween(pending.steps, rows, pending.steps.loss.length)
  pending.firstStep += rows
  pending.epochs = pending.epochs.filter((epoch) => !epochs.includes(epoch))
  pending.log = pending.log.slice(log.length)
  if (pending.checkpoint === checkpoint) pending.checkpoint = null
  pending.isStored = true
}

function newCheckpoint(checkpoint: Checkpoint): NewCheckpoint {
  const { state, epochs } = checkpoint
  const last = epochs.at(-1)
  const endsEpoch = last !== undefined && last.step === state.steps
  const accuracy = (epoch: (typeof epochs)[number]) => selectionMetrics(epoch).accuracy
  const isBest = endsEpoch && epochs.every((epoch) => epoch === last || accuracy(epoch) < accuracy(last))
  return {
    bytes: writeCheckpoint(checkpoint, { pointsApart: true }),
    steps: state.steps,
    endsEpoch,
    isBest,
  }
}

function resultOf({ run, config, result }: RunEntry, checkpoint: Checkpoint | null): RunEntry['result'] {
  const found = checkpoint && runResult(run, config, checkpoint.epochs)
  if (!found) return result
  const { epochs: epoch, last, best, testImages } = found
  return { epoch, last, best, testLoss: checkpoint.epochs.at(-1)?.test.loss ?? Number.NaN, testImages }
}

/** A session that ends after it was finished leaves a finished run. */
function stateAfter(session: SessionState, before: RunState): RunState {
  switch (session) {
    case 'finished':
    case 'failed':
      return session
    case 'stopped':
      return before === 'finished' || before === 'failed' ? before : 'stopped'
    case 'paused':
      return before === 'finished' ? before : 'open'
    default:
      return 'open'
  }
}
