// One run inside a session: its trainer, its metrics so far, and the last checkpoint with finite values.
import { AppError, type Failure, toFailure } from '../base/app-error.ts'
import type { Answers, Evaluation } from '../contract/evaluation.ts'
import type { StepPoint } from '../contract/events.ts'
import type { RunConfig } from '../config/run-config.ts'
import { type TrainedEngine, withEngine } from '../contract/trained-engines.ts'
import { dependsOnResults, type RateResults, rateResults } from '../config/rate-results.ts'
import { learningRateAt } from '../config/schedule.ts'
import type { SchedulePosition } from '../schedules/schedule.ts'
import type { ImageSet } from '../data/image-set.ts'
import type { Batch, CompileProgress, Engine, Trainer, TrainerState, Whitening } from '../engine/engine.ts'
import { buildGraph } from '../network/build-graph.ts'
import { type Checkpoint, type EpochSummary, firstNotFinite, NO_SUMS } from './checkpoint.ts'
import { evaluateOn } from './evaluate.ts'
import { imageNormalisation } from './image-normalisation.ts'
import type { RunImages } from './run-images.ts'
import type { WhiteningOrder } from './whitening/compute-whitening.ts'

/** A run as it stands: enough to export it. */
export type RunSnapshot = Pick<Checkpoint, 'config' | 'state' | 'epochs' | 'points'>

export type Participant = {
  readonly run: string
  config(): RunConfig
  setBudget(budget: RunConfig['budget']): void
  /** Why the run trains no longer; null while it does. */
  failure(): Failure | null
  /** Makes an engine's trainer, which begins at the last finite checkpoint. */
  compile(
    engine: Engine,
    ports: { readonly whiten: MakeWhitening; readonly onProgress: (progress: CompileProgress) => void },
  ): Promise<void>
  /** Those that have trained it, with the one that it is compiled for. */
  engines(): readonly TrainedEngine[]
  /** Whether a step's learning rate hangs on the metrics of every step before it, which must be collected then. */
  awaitsMetrics(at: SchedulePosition): boolean
  step(batch: Batch, at: SchedulePosition): void
  /** Points of the steps since the last call, once the device has finished them. A loss that is not finite ends the run. */
  collect(): Promise<StepPoint[]>
  /** What was evaluated so far, ascending. */
  epochs(): readonly EpochSummary[]
  /**
   * Evaluates: the training means of the epoch so far, weighted by batch size, and the scores on images not trained on.
   * @param at `ended` where no step of the epoch is to come
   * @param between awaited before each batch, with the images done so far; false stops
   */
  evaluate(
    at: { epoch: number; step: number; ended: boolean },
    images: Pick<RunImages, 'validation' | 'test'>,
    between: (done: number) => Promise<boolean>,
  ): Promise<EpochEvaluation | 'diverged' | 'stopped'>
  /** The run as it stands, read from the device; every step's metrics must have been collected. */
  read(): Promise<Checkpoint>
  /** Makes what was read the last finite checkpoint; a value that is not finite ends the run instead. */
  keep(checkpoint: Checkpoint): void
  /** The last finite checkpoint. */
  checkpoint(): Checkpoint
  /** Gives up the trainer and what came after the last finite checkpoint. */
  rewind(): void
  /** After the last step; the last finite one where the run or its device has failed. */
  snapshot(): Promise<RunSnapshot>
  /** Ends the run for a reason outside it. */
  abandon(reason: Failure): void
  dispose(): void
}

type EpochEvaluation = {
  readonly train: EpochSummary['train']
  readonly validation: Evaluation | null
  readonly test: Evaluation
  /** Of the test images. */
  readonly answers: Answers
}
export type MakeWhitening = (order: WhiteningOrder) => Promise<Whitening>

type Enqueued = { step: number; size: number; learningRate: number }

/** @param from where the run begins; its config's budget gives way to that of `config` */
export function createParticipant(
  run: string,
  config: RunConfig,
  from: Checkpoint,
  trainingImages: ImageSet,
): Participant {
  const graph = buildGraph(config)
  let budget = config.budget
  let lastFinite = from
  let points = [...from.points]
  let epochs = [...from.epochs]
  let sums = from.epochSums
  let engines: readonly TrainedEngine[] = from.engines
  let enqueued: Enqueued[] = []
  let failure: Failure | null = null
  let trainer: Trainer | null = null
  /** For the rate of the steps to come; null after what it was measured from has changed. */
  let results: RateResults | null = null

  function working(): Trainer {
    if (!trainer) throw new Error(`run ${run} was not compiled`)
    return trainer
  }

  function diverge(what: string, found: number): void {
    failure ??= toFailure(
      new AppError(
        'training-diverged',
        `Training diverged: ${what} is ${found}. Its weights are those after step ${lastFinite.state.steps}, the last with finite values; lower the learning rate and train again.`,
      ),
    )
  }

  function checkpointOf(state: TrainerState): Checkpoint {
    return {
      config: { ...config, budget },
      state,
      points: [...points],
      epochs: [...epochs],
      epochSums: sums,
      engines: [...engines],
    }
  }

  return {
    run,
    config: () => ({ ...config, budget }),
    setBudget(next) {
      budget = next
    },
    failure: () => failure,

    async compile(engine, { whiten, onProgress }) {
      const normalisation = await imageNormalisation(config.normalisation, async () => trainingImages)
      const { whitening } = config
      trainer = await engine.compile(graph, {
        batchSize: config.batchSize,
        activations: config.activations,
        optimiser: config.optimiser,
        labelSmoothing: config.labelSmoothing,
        normalisation,
        whitening: whitening && (await whiten({ images: trainingImages, normalisation, whitening })),
        dropoutSeed: config.seed,
        initial: lastFinite.state,
        onProgress,
      })
      engines = withEngine(lastFinite.engines, engine.info.engine, lastFinite.state.steps)
    },

    engines: () => engines,

    awaitsMetrics: (at) => dependsOnResults(config, at),

    step(batch, at) {
      if (!results || dependsOnResults(config, at)) {
        results = rateResults(config, at.stepsPerEpoch, points, epochs)
      }
      const learningRate = learningRateAt(config, at, results)
      working().step(batch, { learningRate })
      enqueued.push({ step: at.step + 1, size: batch.size, learningRate })
    },

    async collect() {
      const sent = enqueued
      enqueued = []
      if (sent.length === 0) return []
      const metrics = await working().drain()
      const collected: StepPoint[] = []
      for (const [i, { step, size, learningRate }] of sent.entries()) {
        const measured = metrics[i]
        if (!measured)
          throw new Error(`the engine returned ${metrics.length} metrics for ${sent.length} steps`)
        if (!Number.isFinite(measured.loss)) diverge(`the loss at step ${step}`, measured.loss)
        if (failure) break
        collected.push({ step, loss: measured.loss, accuracy: measured.correct / size, learningRate })
        sums = {
          loss: sums.loss + measured.loss * size,
          correct: sums.correct + measured.correct,
          images: sums.images + size,
        }
      }
      points.push(...collected)
      return collected
    },

    epochs: () => epochs,

    async evaluate({ epoch, step, ended }, images, between) {
      const scores = await evaluateUntilStopped(working(), images, graph.classes, between)
      if (!scores) return 'stopped'
      const { validation, test, answers } = scores
      if (!Number.isFinite(test.loss)) diverge('the test loss', test.loss)
      if (failure) return 'diverged'
      const { loss, correct, images: count } = sums
      const train = step === 0 ? null : { loss: loss / count, accuracy: correct / count }
      if (ended) sums = NO_SUMS
      const earlier = epochs.filter((other) => other.epoch !== epoch)
      const summary = { validation: validation && summaryOf(validation), test: summaryOf(test) }
      epochs = [...earlier, { epoch, step, train, ...summary }]
      return { train, validation, test, answers }
    },

    read: async () => checkpointOf(await working().read()),

    keep(checkpoint) {
      const broken = firstNotFinite(checkpoint.state)
      if (broken === null) lastFinite = checkpoint
      else diverge(`a value of ${broken}`, Number.NaN)
    },

    checkpoint: () => lastFinite,

    rewind() {
      trainer?.dispose()
      trainer = null
      points = [...lastFinite.points]
      epochs = [...lastFinite.epochs]
      sums = lastFinite.epochSums
      engines = lastFinite.engines
      enqueued = []
      results = null
    },

    async snapshot() {
      const state = failure || !trainer ? lastFinite.state : await readOr(trainer, lastFinite.state)
      return { config: { ...config, budget }, state, epochs, points: points.slice(0, state.steps) }
    },

    abandon(reason) {
      failure ??= reason
    },

    dispose() {
      trainer?.dispose()
      trainer = null
    },
  }
}

function summaryOf({ loss, accuracy, correct, total }: Evaluation): EpochSummary['test'] {
  return { loss, accuracy, correct, total }
}

/** Null where `between` said to stop. */
async function evaluateUntilStopped(
  trainer: Trainer,
  images: Pick<RunImages, 'validation' | 'test'>,
  classes: number,
  between: (done: number) => Promise<boolean>,
): Promise<Omit<EpochEvaluation, 'train'> | null> {
  let isStopped = false
  let before = 0
  async function goOn(done: number): Promise<void> {
    isStopped = !(await between(before + done))
    if (isStopped) throw new AppError('aborted', 'The evaluation was stopped.')
  }
  try {
    const validation = images.validation && (await evaluateOn(trainer, images.validation, classes, goOn))
    before = images.validation?.count ?? 0
    const test = await evaluateOn(trainer, images.test, classes, goOn)
    return {
      validation: validation && validation.evaluation,
      test: test.evaluation,
      // A copy of their own: messages carry whole buffers.
      answers: { labels: images.test.labels.slice(0, images.test.count), predicted: test.predicted },
    }
  } catch (error) {
    if (isStopped) return null
    throw error
  }
}

/** A trainer's state; another where its device is lost. */
async function readOr(trainer: Trainer, state: TrainerState): Promise<TrainerState> {
  try {
    return await trainer.read()
  } catch (error) {
    if (error instanceof AppError && error.code === 'device-lost') return state
    throw error
  }
}
