// One network in training.
import * as tf from '@tensorflow/tfjs'
import { IMAGE_BYTES, IMAGE_CHANNELS, IMAGE_SIDE } from '../../base/data-set.ts'
import { featuresNode, type Graph, type NodeId } from '../../network/graph.ts'
import { decodeBatch } from '../decode-batch.ts'
import type {
  Batch,
  CompileOptions,
  Score,
  StepHyper,
  StepMetrics,
  Trainer,
  TrainerState,
} from '../engine.ts'
import { createScore } from '../score.ts'
import type { Convolutions } from './convolution.ts'
import { crossEntropy } from './cross-entropy.ts'
import {
  concatenate,
  disposeState,
  downloadState,
  slices,
  uploadState,
  type DeviceState,
  type StateLayout,
} from './device-state.ts'
import { slotNames } from '../../optimisers/index.ts'
import { dropoutMasks } from './dropout.ts'
import { layOut } from './flat-layout.ts'
import { backward, forwardEvaluation, forwardTraining } from './network-pass.ts'
import { decayingParameters } from '../../config/weight-decay-group.ts'
import { decayVector, optimise } from './optimise.ts'
import { nextStatistics, statisticRates } from './running-statistics.ts'

export type TrainerContext = {
  readonly convolutions: Convolutions
  /** @throws the failure of the device, if it has failed: what it would compute or read from then on is wrong */
  assertDevice(): void
}

export class TfjsTrainer implements Trainer {
  readonly #graph: Graph
  readonly #options: CompileOptions
  readonly #context: TrainerContext
  readonly #layout: StateLayout
  /** Of every parameter value; none where nothing decays. */
  readonly #decay: tf.Tensor1D | undefined
  readonly #statisticRates: tf.Tensor1D
  readonly #whitening: { readonly matrix: tf.Tensor2D; readonly mean: tf.Tensor1D } | null
  #state: DeviceState
  #steps: number
  /** [loss, correct] of each step since the last drain. */
  #pending: tf.Tensor1D[] = []

  constructor(graph: Graph, options: CompileOptions, context: TrainerContext) {
    this.#graph = graph
    this.#options = options
    this.#context = context
    this.#layout = {
      parameters: layOut(graph.parameters),
      statistics: layOut(graph.statistics),
      slots: slotNames(options.optimiser),
    }
    this.#state = uploadState(this.#layout, options.initial)
    this.#steps = options.initial.steps
    const decay = decayVector(
      decayingParameters(graph, options.optimiser.decays),
      this.#layout.parameters,
      options.optimiser,
    )
    this.#decay = decay && tf.tensor1d(decay)
    this.#statisticRates = tf.tensor1d(statisticRates(graph, this.#layout.statistics))
    const { whitening } = options
    this.#whitening = whitening
      ? {
          matrix: tf.tensor2d(whitening.matrix, [IMAGE_BYTES, IMAGE_BYTES]),
          mean: tf.tensor1d(whitening.mean),
        }
      : null
  }

  step(batch: Batch, { learningRate }: StepHyper): void {
    this.#context.assertDevice()
    const { metrics, ...next } = tf.tidy(() => this.#computeStep(batch, learningRate))
    this.#replace(next)
    this.#pending.push(metrics)
    this.#steps++
  }

  async drain(): Promise<StepMetrics[]> {
    this.#context.assertDevice()
    const taken = this.#pending
    if (taken.length === 0) return []
    this.#pending = []
    const metrics = tf.concat(taken)
    tf.dispose(taken)
    const values = await this.#read(metrics)
    return Array.from(taken, (_, i) => ({
      loss: values[2 * i] ?? Number.NaN,
      correct: values[2 * i + 1] ?? Number.NaN,
    }))
  }

  async evaluate(batch: Batch): Promise<Float32Array> {
    return this.#evaluate(batch, this.#graph.output)
  }

  async features(batch: Batch): Promise<Float32Array> {
    return this.#evaluate(batch, featuresNode(this.#graph).id)
  }

  async score(batches: AsyncIterable<Batch>): Promise<Score> {
    const score = createScore(this.#graph.classes)
    for await (const batch of batches) score.add(await this.evaluate(batch), batch.labels)
    return score.finish()
  }

  /** @param wanted the node whose value is read, [batch, channels] */
  async #evaluate(batch: Batch, wanted: NodeId): Promise<Float32Array> {
    this.#context.assertDevice()
    const value = tf.tidy(() =>
      forwardEvaluation(
        this.#graph,
        this.#context.convolutions,
        slices(this.#layout.parameters, this.#state.parameters),
        slices(this.#layout.statistics, this.#state.statistics),
        this.#imagesOf(batch),
        wanted,
      ),
    )
    return this.#read(value)
  }

  async read(): Promise<TrainerState> {
    this.#context.assertDevice()
    const steps = this.#steps
    const state = await downloadState(this.#layout, this.#state, (tensor) => this.#read(tensor))
    // Before the first step the slots hold zeros, which say nothing.
    return { ...state, slots: steps === 0 ? {} : state.slots, steps }
  }

  /** @throws AppError `weights-mismatch`; the trainer keeps its state then */
  write(state: TrainerState): void {
    this.#replace(uploadState(this.#layout, state))
    this.#steps = state.steps
  }

  dispose(): void {
    disposeState(this.#state)
    tf.dispose([...this.#pending, this.#statisticRates])
    this.#decay?.dispose()
    this.#whitening?.matrix.dispose()
    this.#whitening?.mean.dispose()
    this.#pending = []
  }

  #computeStep(batch: Batch, learningRate: number): DeviceState & { readonly metrics: tf.Tensor1D } {
    const { convolutions } = this.#context
    const { parameters: layout, statistics: statisticLayout } = this.#layout
    const parameters = slices(layout, this.#state.parameters)
    const masks = dropoutMasks(this.#options.dropoutSeed, this.#steps)
    const pass = forwardTraining(this.#graph, convolutions, parameters, masks, this.#imagesOf(batch))
    const head = crossEntropy(pass.logits, batch.labels, this.#options.labelSmoothing)
    const gradients = backward(this.#graph, convolutions, parameters, pass, head.gradient)
    const gradient = concatenate(layout, gradients)
    return {
      ...optimise(
        this.#state,
        { gradient, decay: this.#decay, learningRate, number: this.#steps + 1 },
        this.#options.optimiser,
      ),
      statistics: nextStatistics(
        this.#graph,
        statisticLayout,
        this.#state.statistics,
        this.#statisticRates,
        pass.moments,
        batch.size,
      ),
      metrics: head.metrics,
    }
  }

  #imagesOf(batch: Batch): tf.Tensor4D {
    const decoded = tf.tensor2d(decodeBatch(batch, this.#options.normalisation), [batch.size, IMAGE_BYTES])
    const images = this.#whitening
      ? tf.matMul(decoded.sub(this.#whitening.mean), this.#whitening.matrix, false, true)
      : decoded
    return images.reshape([batch.size, IMAGE_SIDE, IMAGE_SIDE, IMAGE_CHANNELS])
  }

  #replace(next: DeviceState): void {
    disposeState(this.#state)
    this.#state = next
  }

  /** Waits for a tensor's values and frees it. @throws the device's failure, where it failed meanwhile */
  async #read(tensor: tf.Tensor): Promise<Float32Array> {
    try {
      return await tensor.data<'float32'>()
    } finally {
      tensor.dispose()
      // A device that failed rejects the read in its own words, or answers with stale values: its failure goes first.
      this.#context.assertDevice()
    }
  }
}
