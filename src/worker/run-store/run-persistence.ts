// What becomes of a session's runs in the store: whenever it takes a checkpoint, all that was reported up to it is
// written. Training never waits for more than its own checkpoint, and goes on where the store cannot take it.
import { AppError, type Failure, toFailure } from '../../base/app-error.ts'
import type { DeviceInfo } from '../../contract/device-info.ts'
import type { TrainEvent } from '../../contract/events.ts'
import type { RunEntry } from '../../contract/run-record.ts'
import type { KeptCheckpoint } from '../../training/checkpoint.ts'
import type { RunRequest } from '../../training/session-request.ts'
import {
  additionOf,
  forget,
  noteCheckpoint,
  noteReport,
  noteSession,
  pendingRun,
  wholeAddition,
  type WholeRun,
} from './pending-run.ts'
import type { RunClaims } from './run-claims.ts'
import type { RunAddition, RunStore } from './run-store.ts'

export type RunPersistence = {
  readonly requests: readonly RunRequest[]
  /** Trained so far. */
  readonly seconds: number
  /** Notes the device that trains the runs from now on. */
  trainsOn(device: DeviceInfo): void
  /** Everything that the session says goes through here to the page, in the order in which it says it. */
  emit(event: TrainEvent): void
  /** Stores these checkpoints, all or none, with what their runs have reported so far. Never throws. */
  keep(checkpoints: readonly KeptCheckpoint[]): Promise<void>
  /** Tries again to store what could not be. Never throws. */
  tryAgain(): Promise<void>
  /** Resolves when all that was said is stored, or could not be: to the reason why, or null. */
  settled(): Promise<Failure | null>
  /** After the session is over: other tabs may train its runs. */
  end(): Promise<void>
}

type Ports = {
  readonly store: Pick<RunStore, 'add' | 'rewind'>
  readonly claims: Pick<RunClaims, 'noteSession' | 'release'>
  readonly now: () => number
  readonly emit: (event: TrainEvent) => void
  /** The page, and the other tabs. */
  readonly tell: (event: TrainEvent) => void
  /** The store had lost the runs, others too perhaps: the page is told what is there now. */
  readonly readAgain: () => void
}

/** A run of a session as it begins, or as it was stored; this tab has claimed it. */
export type SessionRun = { readonly entry: RunEntry; readonly stored: WholeRun | null }

export function createRunPersistence(
  sessionRuns: readonly SessionRun[],
  requests: readonly RunRequest[],
  { store, claims, now, emit, tell, readAgain }: Ports,
): RunPersistence {
  const runs = new Map(sessionRuns.map(({ entry, stored }) => [entry.run, pendingRun(entry, stored)]))
  const all = [...runs.keys()]
  let written: Promise<void> = Promise.resolve()
  /** Undefined before the first write: the page may still show why a session before this one was not stored. */
  let failing: Failure | null | undefined

  /** One after another, and each takes what is pending when its turn comes. */
  function write(which: readonly string[]): Promise<void> {
    const before = written
    written = (async () => {
      await before
      await flush(which)
    })()
    return written
  }

  /** Drops what was stored after the step that the session went back to. */
  async function rewind(which: readonly string[]): Promise<void> {
    for (const run of which) {
      const pending = runs.get(run)
      const step = pending?.rewindTo ?? null
      if (!pending || step === null) continue
      await store.rewind(run, step)
      if (pending.rewindTo === step) pending.rewindTo = null
    }
  }

  async function flush(which: readonly string[]): Promise<void> {
    try {
      await rewind(which)
      const taken = which
        .flatMap((run) => runs.get(run) ?? [])
        .map((pending) => ({
          pending,
          checkpoint: pending.checkpoint,
          addition: additionOf(pending, now()),
          whole: pending.whole,
        }))
      const stored = await addAll(taken)
      for (const { pending, addition, checkpoint } of taken) forget(pending, addition, checkpoint)
      for (const entry of stored) tell({ kind: 'run-entry', entry })
      if (failing !== null) emit({ kind: 'keeping', failure: null })
      failing = null
    } catch (error) {
      failing = toFailure(error)
      emit({ kind: 'keeping', failure: failing })
    }
  }

  /** What was stored may be gone: site data was cleared. Then all that this tab knows of the runs is stored anew. */
  async function addAll(
    taken: readonly { readonly addition: RunAddition; readonly whole: WholeRun }[],
  ): Promise<RunEntry[]> {
    try {
      return await store.add(taken.map(({ addition }) => addition))
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'run-absent') throw error
      const stored = await store.add(taken.map(({ addition, whole }) => wholeAddition(addition, whole)))
      readAgain()
      return stored
    }
  }

  async function settled(): Promise<Failure | null> {
    await written
    return failing ?? null
  }

  void write(all)

  return {
    requests,
    seconds: sessionRuns[0]?.entry.seconds ?? 0,
    settled,
    trainsOn(device) {
      for (const pending of runs.values()) pending.entry = { ...pending.entry, device }
    },
    emit(event) {
      if (event.kind === 'session') {
        const news = [...runs].flatMap(([run, pending]) => (noteSession(pending, event) ? [run] : []))
        if (news.length > 0) void write(news)
        claims.noteSession(event)
      } else for (const pending of runs.values()) noteReport(pending, event)
      emit(event)
    },
    keep(checkpoints) {
      for (const { run, checkpoint } of checkpoints) {
        const pending = runs.get(run)
        if (pending) noteCheckpoint(pending, checkpoint)
      }
      return write(checkpoints.map(({ run }) => run))
    },
    tryAgain: async () => (failing ? write(all) : undefined),
    async end() {
      await settled()
      claims.release(all)
    },
  }
}

/** Of runs that cannot be stored, and are trained all the same. */
export function noPersistence(
  requests: readonly RunRequest[],
  emit: (event: TrainEvent) => void,
): RunPersistence {
  return {
    requests,
    seconds: 0,
    trainsOn: () => undefined,
    emit,
    keep: async () => undefined,
    tryAgain: async () => undefined,
    settled: async () => null,
    end: async () => undefined,
  }
}
