// One session at a time, on the engine in use: how it begins, what is asked of it, and what follows when it has ended.
import { AppError, type Failure } from '../base/app-error.ts'
import type { CommandOf } from '../contract/commands.ts'
import type { EngineName } from '../contract/device-info.ts'
import type { EngineSetting } from '../contract/engine-setting.ts'
import { hasEnded, type SessionState, type TrainEvent } from '../contract/events.ts'
import { engineChangeSentence } from '../contract/trained-engines.ts'
import type { DataLibrary } from '../data/data-library.ts'
import type { QueuedSession } from '../runs/queue-order.ts'
import type { RunSnapshot } from '../training/participant.ts'
import { Session } from '../training/session.ts'
import type { ChosenEngine } from './chosen-engine.ts'
import type { RunLibrary } from './run-library.ts'
import type { RunPersistence } from './run-store/run-persistence.ts'
import type { Whitener } from './whitener.ts'

type Ports = {
  readonly library: Pick<DataLibrary, 'load'>
  readonly runs: Pick<RunLibrary, 'begin' | 'resume' | 'trainedWith' | 'checkpoint'>
  readonly whitener: Pick<Whitener, 'whiten'>
  readonly engines: ChosenEngine
  /** No session is in training any more. `obstacle`: why the next would fare no better. */
  readonly onFree: (obstacle: Failure | null) => void
  readonly now: () => number
  readonly elapsed: () => number
  readonly yieldToEventLoop: () => Promise<void>
}

export type SessionHost = ReturnType<typeof createSessionHost>

export function createSessionHost(ports: Ports) {
  const { library, runs, engines } = ports
  let session: Session | null = null
  let persistence: RunPersistence | null = null
  /** Of the session in training, or the last. */
  let sessionState: SessionState | null = null

  const isBusy = () => sessionState !== null && !hasEnded(sessionState)

  /** Ends the session before it first. Sessions begin one after another, however fast they are asked for. */
  let begun: Promise<void> = Promise.resolve()
  async function beginSession(
    { session: id, paused }: Pick<CommandOf<'start'>, 'session' | 'paused'>,
    prepare: () => Promise<RunPersistence>,
  ): Promise<void> {
    const ending = session
    session = null
    sessionState = null
    await ending?.dispose()
    await persistence?.end()
    persistence = null
    await engines.apply(() => undefined)
    const mine = await prepare()
    persistence = mine
    sessionState = 'preparing'
    session = new Session(
      { session: id, runs: mine.requests, paused, seconds: mine.seconds },
      {
        async engine(failed) {
          const engine = await engines.get(failed)
          mine.trainsOn(engine.info)
          return engine
        },
        loadImages: (set, split, limit) => library.load(set, split, limit),
        whiten: ports.whitener.whiten,
        emit(event) {
          mine.emit(event)
          if (event.kind === 'session' && persistence === mine) follow(event, mine)
        },
        keep: (checkpoints) => mine.keep(checkpoints),
        now: ports.now,
        elapsed: ports.elapsed,
        yieldToEventLoop: ports.yieldToEventLoop,
      },
    )
  }

  /** Once the session has ended, and all of it is kept, another may begin. */
  function follow(event: Extract<TrainEvent, { kind: 'session' }>, mine: RunPersistence): void {
    const isNews = sessionState !== event.state
    sessionState = event.state
    if (!isNews || !hasEnded(event.state)) return
    if (engines.isPending()) void inTurn(openChosen)
    const obstacle = event.failure?.code === 'device-unavailable' ? event.failure : null
    void mine.settled().then((notKept) => ports.onFree(notKept ?? obstacle))
  }

  function inTurn(beginning: () => Promise<void>): Promise<void> {
    const mine = begun.then(beginning)
    begun = mine.catch(() => undefined)
    return mine
  }

  /** The engine that was chosen last, unless a session trains with the one before. */
  async function openChosen(): Promise<void> {
    if (isBusy()) return
    await engines.apply(() => session?.release())
    await engines.get().catch(() => undefined)
  }

  /** @throws AppError `engine-changed` where the engine that would go on is not the one `before` */
  async function assertSameEngine(before: EngineName | null): Promise<void> {
    if (before === null) return
    // Where none can be opened, whoever trains is told why.
    const engine = await engines.get().catch(() => null)
    if (!engine || engine.info.engine === before) return
    throw new AppError('engine-changed', engineChangeSentence(before, engine.info.engine))
  }

  async function startManually(beginning: () => Promise<void>): Promise<null> {
    try {
      await inTurn(beginning)
    } catch (error) {
      ports.onFree(null)
      throw error
    }
    return null
  }

  /** @throws AppError `session-unknown` */
  function inSession(id: string, act: (session: Session) => void): null {
    if (session?.id !== id) {
      throw new AppError('session-unknown', `Session ${id} is not the one in training now. Start it again.`)
    }
    act(session)
    return null
  }

  return {
    /** Whether a session is in training or paused. */
    isBusy,
    assertSameEngine,
    inSession,

    /** Finds the device, so that the page can name it; a failure is an event, and `start` tries again. */
    async open(): Promise<void> {
      await engines.get().catch(() => undefined)
    },

    loseEngine: (error: AppError): void => session?.loseEngine(error),

    chooseEngine(setting: EngineSetting): Promise<void> {
      engines.choose(setting)
      return inTurn(openChosen)
    },

    start: (command: CommandOf<'start'>): Promise<null> =>
      startManually(() => beginSession(command, () => runs.begin(command, engines.device()))),

    /** Stored runs go on. @throws AppError `engine-changed` */
    resumeRuns: (command: CommandOf<'resume-runs'>): Promise<null> =>
      startManually(() =>
        beginSession(command, async () => {
          if (!command.mayChangeEngine) await assertSameEngine(await runs.trainedWith(command.runs))
          return runs.resume(command, engines.device())
        }),
      ),

    /** One that waits, unless another was begun meanwhile. @throws AppError why it cannot begin */
    beginQueued: (queued: QueuedSession): Promise<void> =>
      inTurn(async () => {
        if (isBusy()) return
        const resumed = {
          session: queued.session,
          runs: queued.runs.map(({ run }) => run),
          paused: false,
          epochs: 0,
        }
        await beginSession(resumed, () => runs.resume(resumed, engines.device()))
      }),

    /** @throws AppError `session-unknown`, `engine-changed` */
    async extend({ session: id, epochs, mayChangeEngine }: CommandOf<'extend'>): Promise<null> {
      if (session?.id === id && !isBusy() && !mayChangeEngine) await assertSameEngine(session.trainedWith())
      return inSession(id, (current) => current.extend(epochs))
    },

    /** Stores the session's runs: what could not be stored before, and a checkpoint after the step under way. */
    keep(id: string): null {
      void persistence?.tryAgain()
      return inSession(id, (current) => current.keep())
    },

    /** A run as it is on the device, or was at its last checkpoint. @throws AppError `run-absent`, `run-damaged` */
    readRun: async (run: string): Promise<RunSnapshot> =>
      session?.trains(run) ? session.read(run) : runs.checkpoint(run),
  }
}
