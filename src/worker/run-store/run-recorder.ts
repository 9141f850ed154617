// Writes what a session reports into the store of runs: whenever it takes a checkpoint, all that was reported up to it.
// Training never waits for more than its own checkpoint, and goes on where the store cannot take it.
import { type Failure, toFailure } from '../../base/app-error.ts'
import type { DeviceInfo } from '../../contract/device-info.ts'
import type { EpochRecord, LogLine, StepPoint, TrainEvent } from '../../contract/events.ts'
import { selectionMetrics } from '../../config/rate-results.ts'
import type { RunEntry, RunState } from '../../contract/run-record.ts'
import { columnsOf } from '../../runs/step-columns.ts'
import { runResult } from '../../runs/run-result.ts'
import type { Checkpoint, KeptCheckpoint } from '../../training/checkpoint.ts'
import { writeCheckpoint } from '../../transfer/checkpoint-file.ts'
import type { RunAddition, RunStore } from './run-store.ts'
import type { NewCheckpoint } from './stored-checkpoints.ts'

export type RunRecorder = {
  /** Notes the device that trains the runs from now on. */
  trainsOn(device: DeviceInfo): void
  /** Notes what a session says; in the order in which it says it. */
  observe(event: TrainEvent): void
  /** Stores these checkpoints, all or none, with what their runs have reported so far. Never throws. */
  keep(checkpoints: readonly KeptCheckpoint[]): Promise<void>
  /** Tries again to store what could not be. Never throws. */
  tryAgain(): Promise<void>
  /** Resolves when everything noted so far is stored, or could not be: to the reason why, or null. */
  settled(): Promise<Failure | null>
}

type Ports = {
  readonly store: Pick<RunStore, 'add'>
  readonly now: () => number
  /** An entry was written. */
  readonly onEntry: (entry: RunEntry) => void
  /** Why the newest checkpoint is not stored; null where it is. */
  readonly onPersistence: (failure: Failure | null) => void
}

/** What a run has reported that is not stored yet. */
type Pending = {
  entry: RunEntry
  points: StepPoint[]
  epochs: EpochRecord[]
  log: LogLine[]
  /** Goes with whatever is written next of the run, so that no entry is ahead of its checkpoint. */
  checkpoint: Checkpoint | null
}

/** @param entries as the runs of the session begin, or as they were stored */
export function createRunRecorder(entries: readonly RunEntry[], ports: Ports): RunRecorder {
  const runs = new Map<string, Pending>(
    entries.map((entry) => [entry.run, { entry, points: [], epochs: [], log: [], checkpoint: null }]),
  )
  let written: Promise<void> = Promise.resolve()
  /** Undefined before the first write: the page may still show why a session before this one was not stored. */
  let failing: Failure | null | undefined

  /** One after another, and each takes what is pending when its turn comes. */
  function write(which: readonly string[]): Promise<void> {
    const before = written
    written = (async () => {
      await before
      await flush(which.flatMap((run) => runs.get(run) ?? []))
    })()
    return written
  }

  async function flush(pending: readonly Pending[]): Promise<void> {
    const taken = pending.map((of) => ({ of, checkpoint: of.checkpoint, addition: additionOf(of) }))
    try {
      const stored = await ports.store.add(taken.map(({ addition }) => addition))
      for (const { of, checkpoint, addition } of taken) forget(of, checkpoint, addition)
      for (const entry of stored) ports.onEntry(entry)
      if (failing !== null) ports.onPersistence(null)
      failing = null
    } catch (error) {
      failing = toFailure(error)
      ports.onPersistence(failing)
    }
  }

  function additionOf(of: Pending): RunAddition {
    const { points, epochs, log, checkpoint } = of
    const first = points[0]?.step
    if (checkpoint) {
      const { config, engines, state } = checkpoint
      of.entry = { ...of.entry, steps: state.steps, config, engines: [...engines] }
    }
    of.entry = { ...of.entry, changedAt: ports.now(), result: resultOf(of.entry, checkpoint) }
    return {
      entry: of.entry,
      steps: first === undefined ? null : { first, columns: columnsOf(points) },
      epochs: [...epochs],
      log: [...log],
      checkpoints: checkpoint ? [newCheckpoint(checkpoint)] : [],
    }
  }

  void write([...runs.keys()])

  return {
    async settled() {
      await written
      return failing ?? null
    },
    keep(checkpoints) {
      for (const { run, checkpoint } of checkpoints) {
        const of = runs.get(run)
        if (of) of.checkpoint = checkpoint
      }
      return write(checkpoints.map(({ run }) => run))
    },
    trainsOn(device) {
      for (const of of runs.values()) of.entry = { ...of.entry, device }
    },
    tryAgain: async () => (failing ? write([...runs.keys()]) : undefined),
    observe(event) {
      if (event.kind === 'session') {
        const ended = event.runs.flatMap(({ run, config, failure }) => {
          const of = runs.get(run)
          if (!of) return []
          const state = failure ? 'failed' : stateAfter(event.state, of.entry.state)
          const isNews = state !== of.entry.state
          // What has ended has left the queue.
          const place = state === 'open' ? of.entry.place : null
          of.entry = { ...of.entry, config, failure: failure ?? event.failure, state, place }
          return isNews ? [run] : []
        })
        if (ended.length > 0) void write(ended)
      } else note(event)
    },
  }

  function note(event: Exclude<TrainEvent, { kind: 'session' }>): void {
    switch (event.kind) {
      case 'progress':
        for (const of of runs.values()) {
          const { totalSteps, stepsPerEpoch, secondsElapsed } = event.progress
          of.entry = {
            ...of.entry,
            totalSteps,
            stepsPerEpoch,
            seconds: secondsElapsed,
          }
        }
        return
      case 'steps':
        runs.get(event.run)?.points.push(...event.points)
        return
      case 'epoch': {
        const { kind: _kind, run, ...epoch } = event
        runs.get(run)?.epochs.push(epoch)
        return
      }
      case 'rewound': {
        const of = runs.get(event.run)
        if (!of) return
        of.points = of.points.filter(({ step }) => step <= event.step)
        of.epochs = of.epochs.filter(({ step }) => step <= event.step)
        return
      }
      case 'log': {
        const { kind: _kind, run, ...line } = event
        for (const of of run === null ? runs.values() : [runs.get(run)]) of?.log.push(line)
        return
      }
      default:
        return
    }
  }
}

/** Takes away what was written; more may have come meanwhile. */
function forget(of: Pending, checkpoint: Checkpoint | null, { steps, epochs, log }: RunAddition): void {
  of.points = of.points.slice(steps?.columns.loss.length ?? 0)
  of.epochs = of.epochs.filter((epoch) => !epochs.includes(epoch))
  of.log = of.log.slice(log.length)
  if (of.checkpoint === checkpoint) of.checkpoint = null
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
function stateAfter(session: Extract<TrainEvent, { kind: 'session' }>['state'], before: RunState): RunState {
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
