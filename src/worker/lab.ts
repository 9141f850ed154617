// What the worker can do, behind the commands: one engine, one session at a time, one data library.
import { AppError, toFailure } from '../base/app-error.ts'
import type { CommandOf, ReplyOf } from '../contract/commands.ts'
import type { EngineName } from '../contract/device-info.ts'
import type { EngineSetting } from '../contract/engine-setting.ts'
import type { SessionState, TrainEvent } from '../contract/events.ts'
import { enginesOf } from '../contract/run-record.ts'
import { engineChangeSentence, lastEngine } from '../contract/trained-engines.ts'
import type { DataLibrary } from '../data/data-library.ts'
import type { Engine } from '../engine/engine.ts'
import { queueOf } from '../runs/queue-order.ts'
import { imageNormalisation } from '../training/image-normalisation.ts'
import { NO_SUMS } from '../training/checkpoint.ts'
import type { RunSnapshot } from '../training/participant.ts'
import { loadTrainingImages } from '../training/run-images.ts'
import { drawAugmentation, gather } from '../training/sampler.ts'
import { Session } from '../training/session.ts'
import type { WhiteningOrder } from '../training/whitening/compute-whitening.ts'
import { augmentImages, decodeBatch } from '../engine/decode-batch.ts'
import { featureGridPng } from '../transfer/feature-grid-png.ts'
import { findFormat } from '../transfer/formats/index.ts'
import { oneFile } from '../transfer/formats/one-file.ts'
import { runFileName } from '../transfer/weights-file.ts'
import { createChosenEngine } from './chosen-engine.ts'
import { evaluateWeightsFile } from './evaluate-weights-file.ts'
import { toRgba, whitenedRgba } from './gallery.ts'
import { profileRun } from './profile-run.ts'
import { createQueue } from './queue.ts'
import { rankRunFeatures } from './rank-run-features.ts'
import type { RunLibrary, SessionPersistence } from './run-library.ts'
import { selectParameters } from './select-parameters.ts'
import type { Whitener } from './whitener.ts'

export type LabPorts = {
  readonly library: DataLibrary
  readonly runs: RunLibrary
  readonly whitener: Whitener
  /** What the first engine is opened by. */
  readonly setting: EngineSetting
  readonly createEngine: (setting: EngineSetting, onFailure: (error: AppError) => void) => Promise<Engine>
  readonly emit: (event: TrainEvent) => void
  readonly now: () => number
  readonly yieldToEventLoop: () => Promise<void>
}

/** The device is free for another session. */
const ENDED: ReadonlySet<SessionState> = new Set(['stopped', 'finished', 'failed'])

export type Lab = ReturnType<typeof createLab>

export function createLab(ports: LabPorts) {
  const { library } = ports
  let session: Session | null = null
  let persistence: SessionPersistence | null = null
  /** Of the session in training, or the last. */
  let sessionState: SessionState | null = null
  const engines = createChosenEngine({
    setting: ports.setting,
    create: ports.createEngine,
    onOpened: (info, setting) => ports.emit({ kind: 'device', info, setting }),
    onRefused: (error) => ports.emit({ kind: 'device-failed', failure: toFailure(error) }),
    onFailure: (error) => session?.loseEngine(error),
  })

  const isBusy = () => sessionState !== null && !ENDED.has(sessionState)
  const queue = createQueue({
    runs: ports.runs,
    isBusy,
    begin: ({ session: id, runs }) =>
      inTurn(async () => {
        if (isBusy()) return
        const resumed = { session: id, runs: runs.map(({ run }) => run), paused: false, epochs: 0 }
        await beginSession(resumed, () => ports.runs.resume(resumed, engines.device()))
      }),
    emit: ports.emit,
    now: ports.now,
  })

  /** Ends the session before it first. Sessions begin one after another, however fast they are asked for. */
  let begun: Promise<void> = Promise.resolve()
  async function beginSession(
    { session: id, paused }: Pick<CommandOf<'start'>, 'session' | 'paused'>,
    prepare: () => Promise<SessionPersistence>,
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
        yieldToEventLoop: ports.yieldToEventLoop,
      },
    )
  }

  /** Once the session has ended, and all of it is kept, the queue goes on. */
  function follow(event: Extract<TrainEvent, { kind: 'session' }>, mine: SessionPersistence): void {
    const isNews = sessionState !== event.state
    sessionState = event.state
    if (!isNews || !ENDED.has(event.state)) return
    if (engines.isPending()) void inTurn(openChosen)
    const obstacle = event.failure?.code === 'device-unavailable' ? event.failure : null
    void mine.settled().then((notKept) => queue.goOn(notKept ?? obstacle))
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
      void queue.goOn()
      throw error
    }
    return null
  }

  /** The computation that a person asked for by itself. */
  let computation: symbol | null = null

  async function whiteningOrder(
    command: Pick<CommandOf<'compute-whitening'>, 'set' | 'limitTrain' | 'normalisation' | 'whitening'>,
  ): Promise<WhiteningOrder | null> {
    if (!command.whitening) return null
    const images = await library.load(command.set, 'train', command.limitTrain)
    const normalisation = await imageNormalisation(command.normalisation, async () => images)
    return { images, normalisation, whitening: command.whitening }
  }

  /** As it is on the device, or was at its last checkpoint. @throws AppError `run-absent`, `run-damaged` */
  async function readRun(run: string): Promise<RunSnapshot> {
    return session?.trains(run) ? session.read(run) : ports.runs.checkpoint(run)
  }

  return {
    library,
    runs: ports.runs,
    queue,

    /** Finds the device, so that the page can name it; a failure is an event, and `start` tries again. */
    async open(): Promise<void> {
      await engines.get().catch(() => undefined)
    },

    chooseEngine(setting: EngineSetting): Promise<void> {
      engines.choose(setting)
      return inTurn(openChosen)
    },

    start: (command: CommandOf<'start'>): Promise<null> =>
      startManually(() => beginSession(command, () => ports.runs.begin(command, engines.device()))),

    /** Stored runs go on. @throws AppError `engine-changed` */
    resumeRuns: (command: CommandOf<'resume-runs'>): Promise<null> =>
      startManually(() =>
        beginSession(command, async () => {
          if (!command.mayChangeEngine) await assertSameEngine(await ports.runs.trainedWith(command.runs))
          return ports.runs.resume(command, engines.device())
        }),
      ),

    /** @throws AppError `session-unknown`, `engine-changed` */
    async extend({ session: id, epochs, mayChangeEngine }: CommandOf<'extend'>): Promise<null> {
      if (session?.id === id && !isBusy() && !mayChangeEngine) await assertSameEngine(session.trainedWith())
      return this.inSession(id, (current) => current.extend(epochs))
    },

    /** Of the sessions that wait, the first may have begun before the page was loaded. @throws AppError `engine-changed` */
    async goOnWithQueue({ mayChangeEngine }: CommandOf<'queue-go'>): Promise<void> {
      const [next] = mayChangeEngine || isBusy() ? [] : queueOf(await ports.runs.entries())
      for (const entry of next?.runs ?? []) await assertSameEngine(lastEngine(enginesOf(entry)))
      await queue.go()
    },

    inSession(id: string, act: (session: Session) => void): null {
      if (session?.id !== id) {
        throw new AppError('session-unknown', `Session ${id} is not the one in training now. Start it again.`)
      }
      act(session)
      return null
    },

    /** Stores the session's runs: what could not be stored before, and a checkpoint after the step under way. */
    keep({ session: id }: CommandOf<'keep'>): null {
      void persistence?.tryAgain()
      return this.inSession(id, (current) => current.keep())
    },

    async browse({ set, split, label, offset, count }: CommandOf<'browse'>): Promise<ReplyOf<'browse'>> {
      const { indices, labels, pixels, total } = await library.page(set, split, label, offset, count)
      return { indices: Array.from(indices), labels: Array.from(labels), rgba: toRgba(pixels), total }
    },

    async previewAugmentation(
      command: CommandOf<'preview-augmentation'>,
    ): Promise<ReplyOf<'preview-augmentation'>> {
      const order = await whiteningOrder(command)
      const whitening = order && (await ports.whitener.find(order))
      const images = await library.load(command.set, 'train', command.count)
      const indices = Array.from({ length: images.count }, (_, i) => i)
      const batch = gather(images, indices)
      const augmentation = drawAugmentation(command.augmentation, batch.size, command.seed, 0)
      const augmented = { ...batch, augmentation }
      return {
        indices,
        labels: Array.from(batch.labels),
        ...(order && whitening
          ? {
              rgba: whitenedRgba(decodeBatch(augmented, order.normalisation), whitening),
              whitened: { seconds: whitening.seconds },
            }
          : { rgba: toRgba(augmentImages(augmented)), whitened: null }),
      }
    },

    async computeWhitening(command: CommandOf<'compute-whitening'>): Promise<void> {
      const order = await whiteningOrder(command)
      if (!order) return
      const mine = Symbol('whitening')
      computation = mine
      try {
        await engines.use((engine) =>
          ports.whitener.whiten(order, engine, async (share) => {
            if (computation !== mine) throw new AppError('aborted', 'The whitening was cancelled.')
            ports.emit({ kind: 'whitening', share })
          }),
        )
      } finally {
        if (computation === mine) computation = null
        ports.emit({ kind: 'whitening', share: null })
      }
    },

    /** A whitening that a session waits for goes on. */
    cancelWhitening(): void {
      computation = null
    },

    async exportWeights({
      run,
      naming,
      format,
    }: CommandOf<'export-weights'>): Promise<ReplyOf<'export-weights'>> {
      const { config, state, epochs } = await readRun(run)
      const found = findFormat('checkpoint', format)
      const untold = { points: [], epochSums: NO_SUMS, engines: [] }
      const exported = await found.write({ ...untold, run, config, state, epochs, naming })
      return oneFile(found, runFileName(config, state.steps), exported)
    },

    async evaluateWeights(command: CommandOf<'evaluate-weights'>): Promise<ReplyOf<'evaluate-weights'>> {
      return engines.use(async (engine) =>
        evaluateWeightsFile({
          bytes: new Uint8Array(await command.file.arrayBuffer()),
          fileName: command.file.name,
          trustsFile: true,
          expected: command,
          set: command.set,
          images: await library.load(command.set, 'test', command.limit),
          trainingImages: async (of) =>
            (await loadTrainingImages(of, (set, split, limit) => library.load(set, split, limit))).train,
          whiten: (order) => ports.whitener.whiten(order, engine, ports.yieldToEventLoop),
          engine,
          between: ports.yieldToEventLoop,
        }),
      )
    },

    async readParameters({ run, roles }: CommandOf<'read-parameters'>): Promise<ReplyOf<'read-parameters'>> {
      return selectParameters(await readRun(run), roles)
    },

    async rankFeatures(run: string): Promise<ReplyOf<'rank-features'>> {
      const { config, state } = await readRun(run)
      const grid = await engines.use((engine) =>
        rankRunFeatures({
          config,
          weights: state,
          load: (split, limit) => library.load(config.data.set, split, limit),
          whiten: (order) => ports.whitener.whiten(order, engine, ports.yieldToEventLoop),
          engine,
          between(images, total) {
            ports.emit({ kind: 'ranking', run, images, total })
            return ports.yieldToEventLoop()
          },
        }),
      )
      return { config, steps: state.steps, grid }
    },

    async pictures({ set, indices }: CommandOf<'pictures'>): Promise<ReplyOf<'pictures'>> {
      const { pixels, labels } = gather(await library.load(set, 'test', null), indices)
      return { indices, labels: Array.from(labels), rgba: toRgba(pixels) }
    },

    async drawFeatures({ set, grid }: CommandOf<'draw-features'>): Promise<ReplyOf<'draw-features'>> {
      const { pixels } = await library.load(set, 'test', grid.images)
      return { bytes: await featureGridPng(grid, pixels) }
    },

    async profile({ config }: CommandOf<'profile'>): Promise<ReplyOf<'profile'>> {
      return { kernels: await engines.use((engine) => profileRun(engine, config)) }
    },
  }
}
