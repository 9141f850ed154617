// What the worker can do, behind the commands: one engine, one session at a time, one data library.
import { AppError, toFailure } from '../contract/app-error.ts'
import type { CommandOf, ReplyOf } from '../contract/commands.ts'
import type { DeviceInfo } from '../contract/device-info.ts'
import type { SessionState, TrainEvent } from '../contract/events.ts'
import type { DataLibrary } from '../data/data-library.ts'
import type { Engine } from '../engine/engine.ts'
import { createEngineSupply } from '../engine/engine-supply.ts'
import { imageNormalisation } from '../training/image-normalisation.ts'
import { NO_SUMS } from '../training/checkpoint.ts'
import type { RunSnapshot } from '../training/participant.ts'
import { loadTrainingImages } from '../training/run-images.ts'
import { drawAugmentation, gather } from '../training/sampler.ts'
import { Session } from '../training/session.ts'
import type { WhiteningOrder } from '../training/whitening/compute-whitening.ts'
import { augmentImages, decodeBatch } from '../engine/decode-batch.ts'
import { featureGridPng } from '../transfer/feature-grid-png.ts'
import { takeOut } from '../transfer/run-files.ts'
import { runFileName } from '../transfer/weights-file.ts'
import { writeZip } from '../transfer/zip.ts'
import { evaluateWeightsFile } from './evaluate-weights-file.ts'
import { toRgba, whitenedRgba } from './gallery.ts'
import { profileRun } from './profile-run.ts'
import { createQueue } from './queue.ts'
import { rankRunFeatures } from './rank-run-features.ts'
import type { RunLibrary, SessionKeeper } from './run-library.ts'
import type { Whitener } from './whitener.ts'

export type LabPorts = {
  readonly library: DataLibrary
  readonly runs: RunLibrary
  readonly whitener: Whitener
  readonly createEngine: (onFailure: (error: AppError) => void) => Promise<Engine>
  readonly emit: (event: TrainEvent) => void
  readonly now: () => number
  readonly breathe: () => Promise<void>
}

/** The device is free for another session. */
const ENDED: ReadonlySet<SessionState> = new Set(['stopped', 'finished', 'failed'])

export type Lab = ReturnType<typeof createLab>

export function createLab(ports: LabPorts) {
  const { library } = ports
  let session: Session | null = null
  let keeper: SessionKeeper | null = null
  /** Of the session in training, or the last. */
  let sessionState: SessionState | null = null
  let device: DeviceInfo | null = null
  const engines = createEngineSupply({
    create: ports.createEngine,
    onOpened({ info }) {
      device = info
      // The keeper notes on which device its runs are trained.
      const event = { kind: 'device', info } as const
      if (keeper) keeper.emit(event)
      else ports.emit(event)
    },
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
        await beginSession(resumed, () => ports.runs.resume(resumed, device))
      }),
    emit: ports.emit,
    now: ports.now,
  })

  /** Ends the session before it first. Sessions begin one after another, however fast they are asked for. */
  let begun: Promise<void> = Promise.resolve()
  async function beginSession(
    { session: id, paused }: Pick<CommandOf<'start'>, 'session' | 'paused'>,
    prepare: () => Promise<SessionKeeper>,
  ): Promise<void> {
    const ending = session
    session = null
    sessionState = null
    await ending?.dispose()
    await keeper?.end()
    keeper = null
    const mine = await prepare()
    keeper = mine
    sessionState = 'preparing'
    session = new Session(
      { session: id, runs: mine.requests, paused, seconds: mine.seconds },
      {
        engine: (failed) => engines.get(failed),
        loadImages: (set, split, limit) => library.load(set, split, limit),
        whiten: ports.whitener.whiten,
        emit(event) {
          mine.emit(event)
          if (event.kind === 'session' && keeper === mine) follow(event, mine)
        },
        keep: (checkpoints) => mine.keep(checkpoints),
        now: ports.now,
        breathe: ports.breathe,
      },
    )
  }

  /** Once the session has ended, and all of it is kept, the queue goes on. */
  function follow(event: Extract<TrainEvent, { kind: 'session' }>, mine: SessionKeeper): void {
    const isNews = sessionState !== event.state
    sessionState = event.state
    if (!isNews || !ENDED.has(event.state)) return
    const obstacle = event.failure?.code === 'device-unavailable' ? event.failure : null
    void mine.settled().then((notKept) => queue.goOn(notKept ?? obstacle))
  }

  function inTurn(beginning: () => Promise<void>): Promise<void> {
    const mine = begun.then(beginning)
    begun = mine.catch(() => undefined)
    return mine
  }

  async function beginByHand(beginning: () => Promise<void>): Promise<null> {
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

    start: (command: CommandOf<'start'>): Promise<null> =>
      beginByHand(() => beginSession(command, () => ports.runs.begin(command, device))),

    /** Stored runs go on. */
    resumeRuns: (command: CommandOf<'resume-runs'>): Promise<null> =>
      beginByHand(() => beginSession(command, () => ports.runs.resume(command, device))),

    inSession(id: string, act: (session: Session) => void): null {
      if (session?.id !== id) {
        throw new AppError('session-unknown', `Session ${id} is not the one in training now. Start it again.`)
      }
      act(session)
      return null
    },

    /** Stores the session's runs: what could not be stored before, and a checkpoint after the step under way. */
    keep({ session: id }: CommandOf<'keep'>): null {
      void keeper?.tryAgain()
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
        await ports.whitener.whiten(order, await engines.get(), async (share) => {
          if (computation !== mine) throw new AppError('aborted', 'The whitening was cancelled.')
          ports.emit({ kind: 'whitening', share })
        })
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
      dialect,
      format,
    }: CommandOf<'export-weights'>): Promise<ReplyOf<'export-weights'>> {
      const { config, state, epochs } = await readRun(run)
      const order = { run, config, state, epochs, dialect, points: [], epochSums: NO_SUMS, at: ports.now() }
      const taken = takeOut(format, order)
      const name = runFileName(config, state.steps)
      const asBytes = (content: string | Uint8Array) =>
        typeof content === 'string' ? new TextEncoder().encode(content) : Uint8Array.from(content)
      return typeof taken === 'string' || taken instanceof Uint8Array
        ? { fileName: `${name}.${format}`, bytes: asBytes(taken) }
        : {
            fileName: `${name}-${format}.zip`,
            bytes: writeZip(new Map([...taken].map(([path, content]) => [path, asBytes(content)]))),
          }
    },

    async evaluateWeights(command: CommandOf<'evaluate-weights'>): Promise<ReplyOf<'evaluate-weights'>> {
      const engine = await engines.get()
      return evaluateWeightsFile({
        bytes: new Uint8Array(await command.file.arrayBuffer()),
        fileName: command.file.name,
        trustsFile: true,
        expected: command,
        set: command.set,
        images: await library.load(command.set, 'test', command.limit),
        trainingImages: async (of) =>
          (await loadTrainingImages(of, (set, split, limit) => library.load(set, split, limit))).train,
        whiten: (order) => ports.whitener.whiten(order, engine, ports.breathe),
        engine,
        between: ports.breathe,
      })
    },

    async rankFeatures(run: string): Promise<ReplyOf<'rank-features'>> {
      const { config, state } = await readRun(run)
      const engine = await engines.get()
      const grid = await rankRunFeatures({
        config,
        weights: state,
        load: (split, limit) => library.load(config.data.set, split, limit),
        whiten: (order) => ports.whitener.whiten(order, engine, ports.breathe),
        engine,
        between(images, total) {
          ports.emit({ kind: 'ranking', run, images, total })
          return ports.breathe()
        },
      })
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
      return { kernels: await profileRun(await engines.get(), config) }
    },
  }
}
