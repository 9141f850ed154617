// What the page knows of the worker, as plain data, and how each event changes it.
import type { Failure } from '../base/app-error.ts'
import type { DeviceInfo } from '../contract/device-info.ts'
import type { EngineSetting } from '../contract/engine-setting.ts'
import type { EpochRecord, Progress, SessionState, StepPoint, TrainEvent } from '../contract/events.ts'
import { selectionMetrics } from '../schedules/evaluated-epoch.ts'
import type { RunConfig } from '../config/run-config.ts'
import { arePair, type Side, sideOf, SIDES } from '../runs/pair.ts'
import { paceOf } from '../runs/run-work.ts'
import { type RunResult, runResult, withResult } from '../runs/run-result.ts'
import { applyDataSet, type DataSets, NO_DATA_SETS } from './data-sets.ts'
import {
  applyStored,
  NO_STORED_RUNS,
  storedProgress,
  type StoredRun,
  type StoredRuns,
  storedState,
} from './stored-runs.ts'

type EventOf<K extends TrainEvent['kind']> = Extract<TrainEvent, { kind: K }>

export type Device =
  | { readonly state: 'starting' }
  | {
      readonly state: 'ready'
      readonly info: DeviceInfo
      /** What it was opened by. */
      readonly setting: EngineSetting
    }
  | { readonly state: 'failed'; readonly failure: Failure }

/** One run and all that it has reported; a new object when, and only when, something changed. */
export type RunRecord = {
  readonly run: string
  readonly config: RunConfig
  /** Why it trains no longer while its session goes on; null while it does. */
  readonly failure: Failure | null
  /** Every step, ascending. */
  readonly points: readonly StepPoint[]
  readonly epochs: readonly EpochRecord[]
}

export type SessionRecord = {
  readonly session: string
  readonly state: SessionState
  readonly phase: string | null
  readonly kernels: EventOf<'session'>['kernels']
  readonly notice: string | null
  readonly failure: Failure | null
  /** The runs that this session trains; another one may still be shown beside them. */
  readonly runs: readonly string[]
  /** It is shown as it was stored: the worker knows nothing of it until it goes on. */
  readonly isStored: boolean
}

export type LogEntry = {
  readonly at: number
  readonly level: EventOf<'log'>['level']
  readonly side: Side | null
  readonly text: string
}

export type LabRecord = DataSets & {
  readonly device: Device
  /** Why the worker could not start, or did not understand us. */
  readonly workerFailure: Failure | null
  readonly session: SessionRecord | null
  readonly progress: Progress | null
  /** Floating-point operations a second, as last measured on this visit; null before. */
  readonly pace: number | null
  /** How far the whitening is that a person asked for by itself, 0 … 1; null where none is being computed. */
  readonly whiteningShare: number | null
  /** Of the ranking of features under way: test images done, of all. */
  readonly ranking: { readonly images: number; readonly total: number } | null
  /** The newest run of each side. */
  readonly runs: Readonly<Record<Side, RunRecord | null>>
  /** What each run of this visit has come to, the oldest first; those that are no longer shown too. */
  readonly results: readonly RunResult[]
  readonly stored: StoredRuns
  /** Oldest first, the newest `LOG_LINES`. */
  readonly log: readonly LogEntry[]
}

export const LOG_LINES = 2_000

export const EMPTY_RECORD: LabRecord = {
  device: { state: 'starting' },
  workerFailure: null,
  ...NO_DATA_SETS,
  session: null,
  progress: null,
  pace: null,
  whiteningShare: null,
  ranking: null,
  runs: { a: null, b: null },
  results: [],
  stored: NO_STORED_RUNS,
  log: [],
}

export function applyEvent(record: LabRecord, event: TrainEvent): LabRecord {
  switch (event.kind) {
    case 'device':
      return { ...record, device: { state: 'ready', info: event.info, setting: event.setting } }
    case 'device-failed':
      return { ...record, device: { state: 'failed', failure: event.failure } }
    case 'worker-failed':
      return { ...record, workerFailure: event.failure }
    case 'data-set':
      return { ...record, ...applyDataSet(record, event.status) }
    case 'session':
      return applySession(record, event)
    case 'whitening':
      return { ...record, whiteningShare: event.share }
    case 'progress':
      return applyProgress(record, event)
    case 'steps':
      return changeRun(record, event.run, ({ points }) => ({ points: [...points, ...event.points] }))
    case 'epoch':
      return withResultOf(
        event.run,
        changeRun(record, event.run, ({ epochs }) => ({ epochs: withEpoch(epochs, event) })),
      )
    case 'ranking':
      return { ...record, ranking: { images: event.images, total: event.total } }
    case 'rewound':
      return withResultOf(
        event.run,
        changeRun(record, event.run, ({ points, epochs }) => ({
          points: points.filter(({ step }) => step <= event.step),
          epochs: epochs.filter(({ step }) => step <= event.step),
        })),
      )
    case 'run-entry': {
      const { run, deletedAt } = event.entry
      const next = { ...record, stored: applyStored(record.stored, event) }
      return deletedAt === null || isActive(record.session) ? next : withoutRun(next, run)
    }
    case 'runs':
    case 'run-elsewhere':
    case 'keeping':
    case 'queue':
    case 'storage':
      return { ...record, stored: applyStored(record.stored, event) }
    case 'log':
      return { ...record, log: [...record.log, logEntry(record, event)].slice(-LOG_LINES) }
    default:
      return event satisfies never
  }
}

/** True from "Train" until the run has ended in whichever way; not for a session that is only shown. */
export function isActive(session: SessionRecord | null): boolean {
  return (
    session !== null &&
    !session.isStored &&
    session.state !== 'stopped' &&
    session.state !== 'finished' &&
    session.state !== 'failed'
  )
}

/**
 * The epoch with the best accuracy so far, the earliest of equals: on the validation images where some are set aside,
 * else on the test images. Null before the first evaluation.
 */
export function bestEpoch({ epochs }: Pick<RunRecord, 'epochs'>): EpochRecord | null {
  const accuracy = (epoch: EpochRecord) => selectionMetrics(epoch).accuracy
  return epochs.reduce<EpochRecord | null>(
    (best, epoch) => (best === null || accuracy(epoch) > accuracy(best) ? epoch : best),
    null,
  )
}

function applySession(record: LabRecord, event: EventOf<'session'>): LabRecord {
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
  const isNew = record.session?.session !== session
  const runs: Record<Side, RunRecord | null> = { ...record.runs }
  for (const { run, config, failure: runFailure } of event.runs) {
    const known = SIDES.map((side) => record.runs[side]).find((other) => other?.run === run)
    runs[sideOf(config)] = { points: [], epochs: [], ...known, run, config, failure: runFailure }
  }
  return {
    ...record,
    session: sessionRecord,
    progress: isNew ? null : record.progress,
    runs: comparable(runs, sessionRecord.runs),
  }
}

function applyProgress(record: LabRecord, { session, progress }: EventOf<'progress'>): LabRecord {
  const { session: current, runs } = record
  if (current?.session !== session) return record
  const inTraining = SIDES.flatMap((side) => runs[side] ?? []).filter(
    ({ run, failure }) => current.runs.includes(run) && failure === null,
  )
  const measured = paceOf(
    inTraining.map(({ config }) => config),
    progress.imagesPerSecond,
  )
  return { ...record, progress, pace: measured ?? record.pace }
}

/**
 * A session as it is stored, with all that its runs have reported, in place of what is shown now. What was left in
 * training, or stopped, is paused where it can go on.
 */
export function showStored(record: LabRecord, stored: readonly StoredRun[]): LabRecord {
  const [first] = stored
  if (!first) return record
  const { session } = first.entry
  const runs: Record<Side, RunRecord | null> = { a: null, b: null }
  for (const { entry, points, epochs } of stored) {
    const { run, config, failure } = entry
    runs[sideOf(config)] = { run, config, failure, points, epochs }
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
  return { ...record, session: ofSession, progress: storedProgress(first), runs, log: storedLog(stored) }
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

/** A run of an earlier session stays beside this session's run only where the two are a fair pair. */
function comparable(
  runs: Readonly<Record<Side, RunRecord | null>>,
  current: readonly string[],
): Record<Side, RunRecord | null> {
  const { a, b } = runs
  if (!a || !b || arePair(a.config, b.config)) return { a, b }
  return { a: current.includes(a.run) ? a : null, b: current.includes(b.run) ? b : null }
}

/** A run that was deleted is shown no longer; nor is its session, unless its other run is still there. */
function withoutRun(record: LabRecord, run: string): LabRecord {
  const side = sideOfRun(record, run)
  if (!side) return record
  const runs = { ...record.runs, [side]: null }
  const { session } = record
  if (!session || SIDES.every((other) => runs[other] === null)) {
    return { ...record, runs, session: null, progress: null }
  }
  return { ...record, runs, session: { ...session, runs: session.runs.filter((other) => other !== run) } }
}

function changeRun(
  record: LabRecord,
  run: string,
  change: (run: RunRecord) => Partial<RunRecord>,
): LabRecord {
  const side = sideOfRun(record, run)
  const known = side && record.runs[side]
  if (!known) return record
  return { ...record, runs: { ...record.runs, [side]: { ...known, ...change(known) } } }
}

function withResultOf(run: string, record: LabRecord): LabRecord {
  const side = sideOfRun(record, run)
  const known = side && record.runs[side]
  if (!known) return record
  const result = runResult(run, known.config, known.epochs)
  return { ...record, results: withResult(record.results, run, result) }
}

function sideOfRun(record: LabRecord, run: string): Side | null {
  return SIDES.find((side) => record.runs[side]?.run === run) ?? null
}

/** An epoch that went on after its evaluation is evaluated anew. Only the newest keeps its answers. */
function withEpoch(
  epochs: readonly EpochRecord[],
  { kind: _kind, run: _run, ...newest }: EventOf<'epoch'>,
): EpochRecord[] {
  const earlier = epochs.filter(({ epoch }) => epoch !== newest.epoch)
  const withoutAnswers = (epoch: EpochRecord) => (epoch.answers ? { ...epoch, answers: null } : epoch)
  return [...earlier.map(withoutAnswers), newest]
}

function logEntry(record: LabRecord, { at, level, run, text }: EventOf<'log'>): LogEntry {
  return { at, level, side: run === null ? null : sideOfRun(record, run), text }
}
