// The session and its runs as the page shows them, and what the session's events change of them.
import type { Progress, TrainEvent } from '../../contract/events.ts'
import { arePair, type Side, sideOf, SIDES } from '../../runs/pair.ts'
import { NO_REPORTS, withReport } from '../../runs/run-reports.ts'
import { type RunResult, runResult, withResult } from '../../runs/run-result.ts'
import { paceOf } from '../../runs/run-work.ts'
import type { RunRecord } from './run-record.ts'
import type { SessionRecord } from './session-record.ts'

type EventOf<K extends TrainEvent['kind']> = Extract<TrainEvent, { kind: K }>

export type LogEntry = {
  readonly at: number
  readonly level: EventOf<'log'>['level']
  readonly side: Side | null
  readonly text: string
}

export type SessionSlice = {
  readonly session: SessionRecord | null
  readonly progress: Progress | null
  /** Floating-point operations a second, as last measured on this visit; null before. */
  readonly pace: number | null
  /** The newest run of each side. */
  readonly runs: Readonly<Record<Side, RunRecord | null>>
  /** What each run of this visit has come to, the oldest first; those that are no longer shown too. */
  readonly results: readonly RunResult[]
  /** Oldest first, the newest `LOG_LINES`. */
  readonly log: readonly LogEntry[]
}

export const LOG_LINES = 2_000

export const NO_SESSION: SessionSlice = {
  session: null,
  progress: null,
  pace: null,
  runs: { a: null, b: null },
  results: [],
  log: [],
}

type SessionEvent = EventOf<'session' | 'progress' | 'steps' | 'epoch' | 'rewound' | 'log'>

export function applySession<Slice extends SessionSlice>(slice: Slice, event: SessionEvent): Slice {
  switch (event.kind) {
    case 'session':
      return begunOrChanged(slice, event)
    case 'progress':
      return withProgress(slice, event)
    case 'steps':
    case 'epoch':
    case 'rewound':
      return reported(slice, event)
    case 'log':
      return { ...slice, log: [...slice.log, logEntry(slice, event)].slice(-LOG_LINES) }
    default:
      return event satisfies never
  }
}

/** A run that was deleted is shown no longer; nor is its session, unless its other run is still there. */
export function withoutRun<Slice extends SessionSlice>(slice: Slice, run: string): Slice {
  const side = sideOfRun(slice, run)
  if (!side) return slice
  const runs = { ...slice.runs, [side]: null }
  const { session } = slice
  if (!session || SIDES.every((other) => runs[other] === null)) {
    return { ...slice, runs, session: null, progress: null }
  }
  return { ...slice, runs, session: { ...session, runs: session.runs.filter((other) => other !== run) } }
}

function begunOrChanged<Slice extends SessionSlice>(slice: Slice, event: EventOf<'session'>): Slice {
  const { session, state, phase, kernels, notice, failure } = event
  const sessionRecord = {
    session,
    state,
    phase,
    kernels,
    notice,
    failure,
    runs: event.runs.map(({ run }) => run),
    isStored: false,
  }
  const isNew = slice.session?.session !== session
  const runs: Record<Side, RunRecord | null> = { ...slice.runs }
  for (const { run, config, failure: runFailure } of event.runs) {
    const known = SIDES.map((side) => slice.runs[side]).find((other) => other?.run === run)
    runs[sideOf(config)] = { ...NO_REPORTS, ...known, run, config, failure: runFailure }
  }
  return {
    ...slice,
    session: sessionRecord,
    progress: isNew ? null : slice.progress,
    runs: comparable(runs, sessionRecord.runs),
  }
}

function withProgress<Slice extends SessionSlice>(
  slice: Slice,
  { session, progress }: EventOf<'progress'>,
): Slice {
  const { session: current, runs } = slice
  if (current?.session !== session) return slice
  const inTraining = SIDES.flatMap((side) => runs[side] ?? []).filter(
    ({ run, failure }) => current.runs.includes(run) && failure === null,
  )
  const measured = paceOf(
    inTraining.map(({ config }) => config),
    progress.imagesPerSecond,
  )
  return { ...slice, progress, pace: measured ?? slice.pace }
}

/** Results follow from epochs. */
function reported<Slice extends SessionSlice>(
  slice: Slice,
  event: EventOf<'steps' | 'epoch' | 'rewound'>,
): Slice {
  const side = sideOfRun(slice, event.run)
  const known = side && slice.runs[side]
  if (!known) return slice
  const run = withReport(known, event)
  const runs = { ...slice.runs, [side]: run }
  if (event.kind === 'steps') return { ...slice, runs }
  const result = runResult(run.run, run.config, run.epochs)
  return { ...slice, runs, results: withResult(slice.results, run.run, result) }
}

/** A run of an earlier session stays beside this session's run only where the two are a fair pair. */
function comparable(
  runs: Readonly<Record<Side, RunRecord | null>>,
  current: readonly string[],
): Record<Side, RunRecord | null> {
  const { a, b } = runs
  if (!a || !b || arePair(a.config, b.config)) return { a, b }
  return { a: current.includes(a.run) ? a : null, b: current.includes(b.run) ? b : null }
}

function sideOfRun({ runs }: SessionSlice, run: string): Side | null {
  return SIDES.find((side) => runs[side]?.run === run) ?? null
}

function logEntry(slice: SessionSlice, { at, level, run, text }: EventOf<'log'>): LogEntry {
  return { at, level, side: run === null ? null : sideOfRun(slice, run), text }
}
