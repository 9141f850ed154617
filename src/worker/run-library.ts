// The runs of this browser behind the commands: what is stored of them, and how they begin and go on.
import { AppError, type Failure, toFailure } from '../base/app-error.ts'
import type { CommandOf, ReplyOf } from '../contract/commands.ts'
import type { DeviceInfo, EngineName } from '../contract/device-info.ts'
import type { TrainEvent } from '../contract/events.ts'
import { enginesOf, type RunEntry, type StorageStatus } from '../contract/run-record.ts'
import { lastEngine } from '../contract/trained-engines.ts'
import type { Release } from '../data/tab-lock.ts'
import type { Checkpoint } from '../training/checkpoint.ts'
import type { RunRequest } from '../training/session-request.ts'
import { longer, newEntry } from './run-store/new-entry.ts'
import { readArchive, writeArchive } from './run-store/run-archives.ts'
import { createRunClaims } from './run-store/run-claims.ts'
import {
  createRunPersistence,
  noPersistence,
  type RunPersistence,
  type SessionRun,
} from './run-store/run-persistence.ts'
import type { RunStore } from './run-store/run-store.ts'

export type RunLibrary = ReturnType<typeof createRunLibrary>

type Ports = {
  /** Null where this browser stores none, for the reason given. */
  readonly store: RunStore | null
  readonly unavailable: Failure | null
  /** Ids of the runs that any tab trains now. */
  readonly claimed: () => Promise<readonly string[]>
  /** Tells the other tabs. */
  readonly tellOthers: (event: TrainEvent) => void
  readonly emit: (event: TrainEvent) => void
  readonly storage: () => Promise<Pick<StorageStatus, 'persisted' | 'usedBytes' | 'quotaBytes'>>
  readonly now: () => number
  readonly appVersion: string
}

export function createRunLibrary(ports: Ports) {
  const { emit, now } = ports

  /** No work fails because other tabs could not be told of it. */
  function tellOthers(event: TrainEvent): void {
    try {
      ports.tellOthers(event)
    } catch {
      const text = 'Other tabs of this page were not told of a change; reload them to see it.'
      emit({ kind: 'log', run: null, at: now(), level: 'warning', text })
    }
  }

  function store(): RunStore {
    if (ports.store) return ports.store
    const { message } = ports.unavailable ?? { message: 'Runs are not stored in this browser.' }
    throw new AppError('storage-failed', message)
  }

  function tell(event: TrainEvent): void {
    emit(event)
    tellOthers(event)
  }

  const claims = createRunClaims({ store, emit, tellOthers })
  const persistenceOf = (runs: readonly SessionRun[], requests: readonly RunRequest[]) =>
    createRunPersistence(runs, requests, {
      store: store(),
      claims,
      now,
      emit,
      tell,
      readAgain: () => void open(),
    })

  async function measure(): Promise<void> {
    const { all, between } = await store().sizes()
    emit({
      kind: 'storage',
      status: {
        ...(await ports.storage()),
        checkpointBytes: all,
        intermediateCheckpointBytes: between,
        intermediateBudgetBytes: store().intermediateBudgetBytes,
      },
    })
  }

  async function change(runs: readonly string[], how: (entry: RunEntry) => RunEntry): Promise<void> {
    for (const entry of await store().change(runs, how)) tell({ kind: 'run-entry', entry })
  }

  /** @throws AppError `run-busy` for a run in training; then none is changed */
  const changeIdle = (runs: readonly string[], how: (entry: RunEntry) => RunEntry): Promise<void> =>
    claims.whileIdle(runs, () => change(runs, how))

  /** Says which runs there are. */
  async function open(): Promise<void> {
    const none = (failure: Failure | null) => emit({ kind: 'runs', entries: [], elsewhere: [], failure })
    if (!ports.store) return none(ports.unavailable)
    try {
      const entries = await ports.store.entries()
      const elsewhere = [...(await ports.claimed().catch(() => []))]
      emit({ kind: 'runs', entries, elsewhere, failure: null })
    } catch (error) {
      return none(toFailure(error))
    }
    // Runs that were read are shown, though what they take is not known.
    await measure().catch(() => undefined)
  }

  return {
    open,

    /** New runs. Where they cannot be stored they are trained all the same. */
    async begin(
      { session, runs }: Pick<CommandOf<'start'>, 'session' | 'runs'>,
      device: DeviceInfo | null,
    ): Promise<RunPersistence> {
      if (!ports.store) return noPersistence(runs, emit)
      await claims.claim(runs.map(({ run }) => run))
      const entries = runs.map(({ run, config }) =>
        newEntry({ run, session, config, device, at: now(), appVersion: ports.appVersion }),
      )
      return persistenceOf(
        entries.map((entry) => ({ entry, stored: null })),
        runs,
      )
    },

    /**
     * Stored runs, from their last checkpoints; one that has diverged stays where it is.
     * @throws AppError `run-absent`, `run-damaged`, `run-busy`; `checkpoint-mismatch` where none can go on
     */
    async resume(
      { runs, epochs }: Pick<CommandOf<'resume-runs'>, 'runs' | 'epochs'>,
      device: DeviceInfo | null,
    ): Promise<RunPersistence> {
      await claims.claim(runs)
      try {
        const going: SessionRun[] = []
        const requests: RunRequest[] = []
        for (const run of runs) {
          const entry = await store().entry(run)
          if (entry.failure?.code === 'training-diverged') continue
          const from = await store().checkpoint(run, 'last')
          await store().rewind(run, from?.state.steps ?? 0)
          // The entry's budget may be newer than the checkpoint's.
          const config = longer(entry.config, epochs, entry.stepsPerEpoch)
          going.push({
            entry: {
              ...entry,
              config,
              state: 'open',
              failure: null,
              createdAt: entry.state === 'queued' ? now() : entry.createdAt,
              device: device ?? entry.device,
            },
            stored: { ...(await store().history(run)), checkpoint: from },
          })
          requests.push(from ? { run, config, from: withEngines(from, entry) } : { run, config })
        }
        if (requests.length === 0) {
          throw new AppError(
            'checkpoint-mismatch',
            'Training diverged in this run, so it cannot be resumed; lower the learning rate and train again.',
          )
        }
        claims.release(runs.filter((run) => !requests.some((request) => request.run === run)))
        return persistenceOf(going, requests)
      } catch (error) {
        claims.release(runs)
        throw error
      }
    },

    /** The engine of the last checkpoint of these runs; null where it is not known. @throws AppError `run-absent` */
    async trainedWith(runs: readonly string[]): Promise<EngineName | null> {
      for (const run of runs) {
        const engine = lastEngine(enginesOf(await store().entry(run)))
        if (engine !== null) return engine
      }
      return null
    },

    /** @throws AppError `run-absent`, `run-damaged` */
    load: async (run: string): Promise<ReplyOf<'load-run'>> => store().history(run),

    /** @throws AppError `run-absent`, `run-damaged` */
    loadCurves: async (run: string): Promise<ReplyOf<'load-curves'>> => store().curves(run),

    /** @throws AppError `run-absent`, `run-damaged`, `runs-too-large` */
    export: async (runs: readonly string[]): Promise<ReplyOf<'export-runs'>> => writeArchive(store(), runs),

    /** All runs of an archive, or none. @throws AppError `run-unreadable` */
    async import(
      archive: Pick<CommandOf<'import-runs'>, 'file' | 'prefix'>,
    ): Promise<ReplyOf<'import-runs'>> {
      const additions = await readArchive(store(), archive)
      const stored = await store().add(additions)
      for (const entry of stored) tell({ kind: 'run-entry', entry })
      return { entries: stored.slice(0, additions.length) }
    },

    /** @throws AppError `run-absent` where it has no checkpoint */
    async checkpoint(run: string): Promise<Checkpoint> {
      const checkpoint = await store().checkpoint(run, 'last')
      if (checkpoint) return checkpoint
      // A run that is not stored at all has a sentence of its own.
      await store().entry(run)
      throw new AppError(
        'run-absent',
        `Run ${run} has no checkpoint yet: train it for an epoch, or pause it.`,
      )
    },

    rename: ({ run, name, notes }: Omit<CommandOf<'change-run'>, 'kind'>): Promise<void> =>
      change([run], (before) => ({ ...before, name: name ?? before.name, notes: notes ?? before.notes })),

    /** @throws AppError `run-busy` for a run in training; then none is deleted */
    delete: (runs: readonly string[]): Promise<void> =>
      changeIdle(runs, (before) => ({ ...before, deletedAt: now() })),

    restore: (runs: readonly string[]): Promise<void> =>
      change(runs, (before) => ({ ...before, deletedAt: null })),
    measure,

    /** None where this browser stores none. */
    entries: async (): Promise<RunEntry[]> => (await ports.store?.entries()) ?? [],
    change,
    changeIdle,
    claimQueue: (): Promise<Release | null> => store().claimQueue(),
    tellOthers,
    /** New runs that wait, in this order from `place` on. */
    async enqueue({ sessions, group }: CommandOf<'queue-add'>, place: number): Promise<void> {
      const entries = sessions.flatMap(({ session, runs }, i) =>
        runs.map(({ run, config }) => ({
          ...newEntry({ run, session, config, device: null, at: now(), appVersion: ports.appVersion }),
          group,
          state: 'queued' as const,
          place: place + i,
        })),
      )
      const added = entries.map((entry) => ({ entry, steps: null, epochs: [], log: [], checkpoints: [] }))
      for (const entry of await store().add(added)) tell({ kind: 'run-entry', entry })
    },
  }
}

/** Checkpoints of earlier versions do not name their engines; their entries may. */
function withEngines(checkpoint: Checkpoint, entry: RunEntry): Checkpoint {
  return checkpoint.engines.length > 0 ? checkpoint : { ...checkpoint, engines: [...enginesOf(entry)] }
}
