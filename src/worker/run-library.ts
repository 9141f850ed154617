// The runs of this browser behind the commands: what is stored of them, which tab trains them, how they go on.
import { AppError, type Failure, toFailure } from '../base/app-error.ts'
import type { CommandOf, ReplyOf } from '../contract/commands.ts'
import type { DeviceInfo, EngineName } from '../contract/device-info.ts'
import type { TrainEvent } from '../contract/events.ts'
import { enginesOf, type RunEntry, type StorageStatus } from '../contract/run-record.ts'
import { lastEngine } from '../contract/trained-engines.ts'
import type { Release } from '../data/tab-lock.ts'
import type { Checkpoint, KeptCheckpoint } from '../training/checkpoint.ts'
import type { RunRequest } from '../training/session-request.ts'
import { readRunZip, type TravellingRun, writeRunZip } from '../transfer/run-zip.ts'
import { createRunRecorder } from './run-store/run-recorder.ts'
import { asImported, longer, newEntry } from './run-store/new-entry.ts'
import type { RunStore } from './run-store/run-store.ts'

/** What becomes of a session's runs in the store. */
export type SessionPersistence = {
  readonly requests: readonly RunRequest[]
  /** Trained so far. */
  readonly seconds: number
  /** Notes the device that trains its runs from now on. */
  trainsOn(device: DeviceInfo): void
  /** Everything that the session says goes through here to the page. */
  emit(event: TrainEvent): void
  keep(checkpoints: readonly KeptCheckpoint[]): Promise<void>
  /** Tries again to store what could not be. */
  tryAgain(): Promise<void>
  /** Resolves when all that was said is stored: to null, or to why it could not be. */
  settled(): Promise<Failure | null>
  /** After the session is over: other tabs may train its runs. */
  end(): Promise<void>
}

export type RunLibrary = ReturnType<typeof createRunLibrary>

export type RunLibraryPorts = {
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

const MOST_ARCHIVE_BYTES = 2 ** 31 - 1

export function createRunLibrary(ports: RunLibraryPorts) {
  const { emit, tellOthers } = ports
  /** Those of the session in training here. */
  const mine = new Map<string, Release>()
  /** Those of them whose session has ended: they train no longer, though it may be extended. */
  const ended = new Set<string>()

  function store(): RunStore {
    if (ports.store) return ports.store
    const { message } = ports.unavailable ?? { message: 'Runs are not stored in this browser.' }
    throw new AppError('storage-failed', message)
  }

  function tell(event: TrainEvent): void {
    emit(event)
    tellOthers(event)
  }

  /** @throws AppError `run-busy` naming the run; then none of them is claimed */
  async function claim(runs: readonly string[]): Promise<void> {
    for (const run of runs) {
      const release = await store().claim(run)
      if (release) {
        mine.set(run, release)
        tellOthers({ kind: 'run-elsewhere', run, elsewhere: true })
        continue
      }
      releaseRuns(runs)
      if (!mine.has(run)) emit({ kind: 'run-elsewhere', run, elsewhere: true })
      const { name, changedAt } = await store().entry(run)
      throw new AppError(
        'run-busy',
        `Run ${name || run} is open in another tab of this browser, which last stored it at ${timeOfDay(changedAt)}; continue there, or close that tab first.`,
      )
    }
  }

  function releaseRuns(runs: readonly string[]): void {
    for (const run of runs) {
      const release = mine.get(run)
      if (!release) continue
      mine.delete(run)
      ended.delete(run)
      release()
      tellOthers({ kind: 'run-elsewhere', run, elsewhere: false })
    }
  }

  function persistenceOf(entries: readonly RunEntry[], requests: readonly RunRequest[]): SessionPersistence {
    const recorder = createRunRecorder(entries, {
      store: store(),
      now: ports.now,
      onEntry: (entry) => tell({ kind: 'run-entry', entry }),
      onPersistence: (failure) => emit({ kind: 'keeping', failure }),
    })
    return {
      requests,
      seconds: entries[0]?.seconds ?? 0,
      trainsOn: (device) => recorder.trainsOn(device),
      emit(event) {
        recorder.observe(event)
        if (event.kind === 'session') noteEnd(event)
        emit(event)
      },
      keep: (checkpoints) => recorder.keep(checkpoints),
      tryAgain: () => recorder.tryAgain(),
      settled: () => recorder.settled(),
      async end() {
        await recorder.settled()
        releaseRuns(entries.map(({ run }) => run))
      },
    }
  }

  function noteEnd({ state, runs }: Extract<TrainEvent, { kind: 'session' }>): void {
    const isOver = state === 'finished' || state === 'stopped' || state === 'failed'
    for (const { run } of runs) {
      if (isOver) ended.add(run)
      else ended.delete(run)
    }
  }

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
  async function changeIdle(runs: readonly string[], how: (entry: RunEntry) => RunEntry): Promise<void> {
    const busy = runs.find((run) => mine.has(run) && !ended.has(run))
    if (busy !== undefined) {
      throw new AppError('run-busy', `Run ${busy} is in training; stop it first.`)
    }
    const others = runs.filter((run) => !mine.has(run))
    await claim(others)
    try {
      await change(runs, how)
    } finally {
      releaseRuns(others)
    }
  }

  return {
    /** Says which runs there are. */
    async open(): Promise<void> {
      const none = (failure: Failure | null) => emit({ kind: 'runs', entries: [], elsewhere: [], failure })
      if (!ports.store) return none(ports.unavailable)
      try {
        const entries = await ports.store.entries()
        emit({ kind: 'runs', entries, elsewhere: [...(await ports.claimed())], failure: null })
        await measure()
      } catch (error) {
        none(toFailure(error))
      }
    },

    /** New runs. Where they cannot be stored they are trained all the same. */
    async begin(
      { session, runs }: Pick<CommandOf<'start'>, 'session' | 'runs'>,
      device: DeviceInfo | null,
    ): Promise<SessionPersistence> {
      if (!ports.store)
        return {
          requests: runs,
          seconds: 0,
          trainsOn: () => undefined,
          emit,
          keep: async () => undefined,
          tryAgain: async () => undefined,
          settled: async () => null,
          end: async () => undefined,
        }
      await claim(runs.map(({ run }) => run))
      const entries = runs.map(({ run, config }) =>
        newEntry({ run, session, config, device, at: ports.now(), appVersion: ports.appVersion }),
      )
      return persistenceOf(entries, runs)
    },

    /**
     * Stored runs, from their last checkpoints; one that has diverged stays where it is.
     * @throws AppError `run-absent`, `run-damaged`, `run-busy`; `checkpoint-mismatch` where none can go on
     */
    async resume(
      { runs, epochs }: Pick<CommandOf<'resume-runs'>, 'runs' | 'epochs'>,
      device: DeviceInfo | null,
    ): Promise<SessionPersistence> {
      await claim(runs)
      try {
        const entries: RunEntry[] = []
        const requests: RunRequest[] = []
        for (const run of runs) {
          const entry = await store().entry(run)
          if (entry.failure?.code === 'training-diverged') continue
          const from = await store().checkpoint(run, 'last')
          await store().rewind(run, from?.state.steps ?? 0)
          // The entry's budget may be newer than the checkpoint's.
          const config = longer(entry.config, epochs, entry.stepsPerEpoch)
          entries.push({
            ...entry,
            config,
            state: 'open',
            failure: null,
            createdAt: entry.state === 'queued' ? ports.now() : entry.createdAt,
            device: device ?? entry.device,
          })
          requests.push(from ? { run, config, from: withEngines(from, entry) } : { run, config })
        }
        if (requests.length === 0) {
          throw new AppError(
            'checkpoint-mismatch',
            'Training diverged in this run, so it cannot be resumed; lower the learning rate and train again.',
          )
        }
        releaseRuns(runs.filter((run) => !requests.some((request) => request.run === run)))
        return persistenceOf(entries, requests)
      } catch (error) {
        releaseRuns(runs)
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

    async load({ run }: CommandOf<'load-run'>): Promise<ReplyOf<'load-run'>> {
      return store().history(run)
    },

    /** @throws AppError `run-absent`, `run-damaged` */
    async loadCurves({ run }: CommandOf<'load-curves'>): Promise<ReplyOf<'load-curves'>> {
      return store().curves(run)
    },

    /** @throws AppError `run-absent`, `run-damaged`, `runs-too-large` */
    async export({ runs }: CommandOf<'export-runs'>): Promise<ReplyOf<'export-runs'>> {
      const travelling: TravellingRun[] = []
      for (const run of runs) {
        const entry = await store().entry(run)
        const checkpoints = await store().checkpointFiles(run)
        travelling.push({ entry, ...(await store().history(run)), checkpoints })
      }
      const name = runs.length === 1 ? runs[0] : `${runs.length}-runs`
      return { fileName: `residual-lab-${name}.zip`, bytes: writeRunZip(travelling) }
    },

    /**
     * All runs of an archive, or none. One whose id is taken gets another: what is stored is never replaced.
     * @throws AppError `run-unreadable`
     */
    async import({ file, prefix }: CommandOf<'import-runs'>): Promise<ReplyOf<'import-runs'>> {
      if (file.size > MOST_ARCHIVE_BYTES) {
        throw new AppError(
          'run-unreadable',
          `${file.name} has ${file.size} bytes, and runs of at most ${MOST_ARCHIVE_BYTES} can be imported at once; export fewer.`,
        )
      }
      const read = readRunZip(new Uint8Array(await file.arrayBuffer()), file.name)
      const taken = new Set(await store().ids())
      const additions = read.map(({ entry, steps, epochs, log, checkpoints }, i) => ({
        entry: asImported(entry, taken.has(entry.run) ? `${prefix}-${i}` : null, prefix),
        steps: { first: 1, columns: steps },
        epochs,
        log,
        checkpoints,
      }))
      const stored = await store().add(additions)
      for (const entry of stored) tell({ kind: 'run-entry', entry })
      return { entries: stored.slice(0, additions.length) }
    },

    /** @throws AppError `run-absent` where it has no checkpoint */
    async checkpoint(run: string): Promise<Checkpoint> {
      const checkpoint = await store().checkpoint(run, 'last')
      if (checkpoint) return checkpoint
      throw new AppError(
        'run-absent',
        `Run ${run} has no checkpoint yet: train it for an epoch, or pause it.`,
      )
    },

    rename: ({ run, name, notes }: CommandOf<'change-run'>): Promise<void> =>
      change([run], (before) => ({ ...before, name: name ?? before.name, notes: notes ?? before.notes })),

    /** @throws AppError `run-busy` for a run in training; then none is deleted */
    delete: ({ runs }: CommandOf<'delete-runs'>): Promise<void> =>
      changeIdle(runs, (before) => ({ ...before, deletedAt: ports.now() })),

    restore: ({ runs }: CommandOf<'restore-runs'>): Promise<void> =>
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
          ...newEntry({
            run,
            session,
            config,
            device: null,
            at: ports.now(),
            appVersion: ports.appVersion,
          }),
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

const timeOfDay = (at: number) => new Date(at).toTimeString().slice(0, 5)
