// One run inside a session: its trainer, the steps whose metrics are still on the device, and the last state known good.
import { AppError, type Failure, toFailure } from '../contract/app-error.ts'
import type { Evaluation } from '../contract/evaluation.ts'
import type { StepPoint } from '../contract/events.ts'
import type { RunConfig } from '../contract/run-config.ts'
import { learningRateAt, type SchedulePosition } from '../contract/schedule.ts'
import type { ImageSet } from '../data/image-set.ts'
import type { Batch, Engine, Trainer, TrainerState } from '../engine/engine.ts'
import { buildGraph } from '../network/build-graph.ts'
import { evaluateOn } from './evaluate.ts'
import { imageNormalisation } from './image-normalisation.ts'
import { initialState } from './initialise.ts'

/** What an epoch came to, in a few numbers. */
type EpochSummary = {
  readonly epoch: number
  readonly step: number
  readonly train: { readonly loss: number; readonly accuracy: number }
  readonly test: { readonly loss: number; readonly accuracy: number; readonly total: number }
}

/** A run as it stands: enough to export it. */
export type RunSnapshot = {
  readonly config: RunConfig
  readonly state: TrainerState
  readonly epochs: readonly EpochSummary[]
}

export type Participant = {
  readonly run: string
  config(): RunConfig
  setBudget(budget: RunConfig['budget']): void
  /** Why the run trains no longer; null while it does. */
  failure(): Failure | null
  step(batch: Batch, at: SchedulePosition): void
  /** Points of the steps since the last call, once the device has finished them. A loss that is not finite ends the run. */
  collect(): Promise<StepPoint[]>
  /**
   * Ends an epoch: its training means, weighted by batch size, and its score on the test images. The state becomes the
   * last known good one. Null where the run has diverged.
   */
  endEpoch(
    at: { epoch: number; step: number },
    images: ImageSet,
    between: (done: number) => Promise<void>,
  ): Promise<{ train: EpochSummary['train']; test: Evaluation } | null>
  /** After the last step; after a failure, the last good one. */
  snapshot(): Promise<RunSnapshot>
  /** Ends the run for a reason outside it. */
  abandon(reason: Failure): void
  dispose(): void
}

type Enqueued = { step: number; size: number; learningRate: number }

export async function createParticipant(
  run: string,
  initialConfig: RunConfig,
  engine: Engine,
  trainingImages: ImageSet,
): Promise<Participant> {
  let config = initialConfig
  const graph = buildGraph(config)
  let good = initialState(graph, config.seed)
  const trainer: Trainer = await engine.compile(graph, {
    batchSize: config.batchSize,
    optimiser: config.optimiser,
    labelSmoothing: config.labelSmoothing,
    normalisation: await imageNormalisation(config.normalisation, async () => trainingImages),
    dropoutSeed: config.seed,
    initial: good,
  })
  let enqueued: Enqueued[] = []
  let failure: Failure | null = null
  const epochs: EpochSummary[] = []
  let sums = { loss: 0, correct: 0, images: 0 }

  function diverge(what: string, found: number): void {
    failure ??= toFailure(
      new AppError(
        'training-diverged',
        `Training diverged: ${what} is ${found}. Its weights are those after step ${good.steps}, the last known good; lower the learning rate and train again.`,
      ),
    )
  }

  return {
    run,
    config: () => config,
    setBudget(budget) {
      config = { ...config, budget }
    },
    failure: () => failure,

    step(batch, at) {
      const learningRate = learningRateAt(config, at)
      trainer.step(batch, { learningRate })
      enqueued.push({ step: at.step + 1, size: batch.size, learningRate })
    },

    async collect() {
      const sent = enqueued
      enqueued = []
      if (sent.length === 0) return []
      const metrics = await trainer.drain()
      const points: StepPoint[] = []
      for (const [i, { step, size, learningRate }] of sent.entries()) {
        const measured = metrics[i]
        if (!measured)
          throw new Error(`the engine returned ${metrics.length} metrics for ${sent.length} steps`)
        if (!Number.isFinite(measured.loss)) diverge(`the loss at step ${step}`, measured.loss)
        if (failure) break
        points.push({ step, loss: measured.loss, accuracy: measured.correct / size, learningRate })
        sums.loss += measured.loss * size
        sums.correct += measured.correct
        sums.images += size
      }
      return points
    },

    async endEpoch({ epoch, step }, images, between) {
      const count = Math.max(1, sums.images)
      const train = { loss: sums.loss / count, accuracy: sums.correct / count }
      sums = { loss: 0, correct: 0, images: 0 }
      const test = await evaluateOn(trainer, images, graph.classes, between)
      if (!Number.isFinite(test.loss)) diverge('the test loss', test.loss)
      if (failure) return null
      good = await trainer.read()
      epochs.push({
        epoch,
        step,
        train,
        test: { loss: test.loss, accuracy: test.accuracy, total: test.total },
      })
      return { train, test }
    },

    snapshot: async () => ({ config, state: failure ? good : await trainer.read(), epochs }),
    abandon(reason) {
      failure ??= reason
    },
    dispose: () => trainer.dispose(),
  }
}
