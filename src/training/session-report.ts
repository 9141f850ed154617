// What a session tells of itself: its state, how far it is, and its log. It decides nothing.
import type { Failure } from '../base/app-error.ts'
import type { Progress, SessionState } from '../contract/events.ts'
import type { RunConfig } from '../config/run-config.ts'
import type { SessionPorts } from './session-ports.ts'

type RunReport = { readonly run: string; readonly config: RunConfig; readonly failure: Failure | null }
type Kernels = { readonly ready: number; readonly total: number }

/** Where the session stands in its budget, in steps. */
type Position = {
  readonly step: number
  readonly totalSteps: number
  readonly stepsPerEpoch: number
  readonly batchSize: number
  /** Of one step and of one evaluation of all runs; null until measured. */
  readonly secondsPerStep: number | null
  readonly secondsPerEvaluation: number
  readonly evaluated: Progress['evaluated']
}

export type SessionReport = {
  state(): SessionState
  enter(state: SessionState, failure?: Failure): void
  /** The session's states, runs and budgets as they are now. */
  announce(): void
  /** What is being prepared, in words. */
  prepare(phase: string, kernels?: Kernels | null): void
  /** Stands beside the state from now on. */
  notice(text: string): void
  progress(position: Position): void
  log(run: string | null, level: 'info' | 'warning' | 'error', text: string): void
}

/** The states that a session never leaves. */
const TERMINAL: ReadonlySet<SessionState> = new Set(['stopped', 'failed'])

export function createSessionReport(
  session: string,
  runs: () => RunReport[],
  { emit, now, elapsed }: Pick<SessionPorts, 'emit' | 'now' | 'elapsed'>,
  secondsBefore = 0,
): SessionReport {
  let state: SessionState = 'preparing'
  let since = elapsed()
  let busyMs = 1000 * secondsBefore
  let notice: string | null = null

  /** Milliseconds spent training and evaluating. */
  function busyUntilNow(): number {
    const busy = state === 'running' || state === 'evaluating'
    return busyMs + (busy ? elapsed() - since : 0)
  }

  function announce(failure: Failure | null, phase: string | null, kernels: Kernels | null): void {
    emit({ kind: 'session', session, state, phase, kernels, notice, failure, runs: runs() })
  }

  function log(run: string | null, level: 'info' | 'warning' | 'error', text: string): void {
    emit({ kind: 'log', run, at: now(), level, text })
  }

  return {
    state: () => state,
    enter(next, failure) {
      if (state === next || TERMINAL.has(state)) return
      busyMs = busyUntilNow()
      since = elapsed()
      state = next
      announce(failure ?? null, null, null)
      if (failure) log(null, 'error', failure.message)
    },
    announce: () => announce(null, null, null),
    prepare: (phase, kernels) => announce(null, phase, kernels ?? null),
    notice(text) {
      notice = text
      log(null, 'warning', text)
    },
    progress(position) {
      emit({ kind: 'progress', session, progress: progressAt(position, busyUntilNow() / 1000) })
    },
    log,
  }
}

function progressAt(position: Position, secondsElapsed: number): Progress {
  const { step, totalSteps, stepsPerEpoch, batchSize, secondsPerStep, secondsPerEvaluation } = position
  const left = totalSteps - step
  const epoch = Math.ceil(step / stepsPerEpoch)
  return {
    step,
    totalSteps,
    epoch,
    totalEpochs: Math.ceil(totalSteps / stepsPerEpoch),
    stepInEpoch: step - Math.max(0, epoch - 1) * stepsPerEpoch,
    stepsPerEpoch,
    imagesPerSecond: secondsPerStep === null ? null : batchSize / secondsPerStep,
    secondsElapsed,
    secondsLeft:
      secondsPerStep === null
        ? null
        : left * secondsPerStep + Math.ceil(left / stepsPerEpoch) * secondsPerEvaluation,
    evaluated: position.evaluated,
  }
}
