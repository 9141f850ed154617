// One network in training: its state lives on the device as flat vectors, one for each kind.
import * as tf from '@tensorflow/tfjs'
import { IMAGE_CHANNELS, IMAGE_SIDE } from '../../contract/data-set.ts'
import type { Graph } from '../../network/graph.ts'
import { decodeBatch } from '../decode-batch.ts'
import type { Batch, CompileOptions, StepMetrics, Trainer, TrainerState } from '../engine.ts'
import type { Convolutions } from './convolution.ts'
import { crossEntropy } from './cross-entropy.ts'
import { layOut, pack, unpack, type FlatLayout } from './flat-layout.ts'
import {
  backward,
  forwardEvaluation,
  forwardTraining,
  type NamedTensors,
  type TrainingPass,
} from './network-pass.ts'
import { decayVector, sgdStep, type SgdState } from './sgd.ts'

export type TrainerContext = {
  readonly convolutions: Convolutions
  /** @throws the failure of the device, if it has failed: what it would compute or read from then on is wrong */
  assertDevice(): void
}

type DeviceState = SgdState & { readonly statistics: tf.Tensor1D }

/** The name under which the optimiser's buffer stands in a `TrainerState`. */
const MOMENTUM_SLOT = 'momentum'

export function createTfjsTrainer(graph: Graph, options: CompileOptions, context: TrainerContext): Trainer {
  const parameterLayout = layOut(graph.parameters)
  const statisticLayout = layOut(graph.statistics)
  const decay = vectorOf(decayVector(graph.parameters, parameterLayout, options.optimiser))
  const statisticRates = tf.tensor1d(statisticMomenta(graph, statisticLayout))
  let state = upload(options.initial)
  let steps = options.initial.steps
  let pending: tf.Tensor1D[] = []

  function upload(given: TrainerState): DeviceState {
    const buffer = given.slots[MOMENTUM_SLOT]
    const packed = {
      parameters: pack(parameterLayout, given.parameters),
      statistics: pack(statisticLayout, given.statistics),
      momentum: buffer && Object.keys(buffer).length > 0 ? pack(parameterLayout, buffer) : undefined,
    }
    return {
      parameters: tf.tensor1d(packed.parameters),
      statistics: tf.tensor1d(packed.statistics),
      momentum: vectorOf(packed.momentum),
    }
  }

  function replace(next: DeviceState): void {
    disposeState(state)
    state = next
  }

  function imagesOf(batch: Batch): tf.Tensor4D {
    return tf.tensor4d(decodeBatch(batch, options.normalisation), [
      batch.size,
      IMAGE_SIDE,
      IMAGE_SIDE,
      IMAGE_CHANNELS,
    ])
  }

  /** The statistics after a step: running ← running + momentum · (batch − running). */
  function nextStatistics(pass: TrainingPass, batch: number): tf.Tensor1D {
    const measured = concatenate(statisticLayout, batchStatistics(graph, pass, batch))
    return tf.add(state.statistics, tf.mul(statisticRates, tf.sub(measured, state.statistics)))
  }

  return {
    step(batch, { learningRate }) {
      context.assertDevice()
      const { metrics, ...next } = tf.tidy(() => {
        const parameters = slices(parameterLayout, state.parameters)
        const pass = forwardTraining(graph, context.convolutions, parameters, imagesOf(batch))
        const statistics = nextStatistics(pass, batch.size)
        const head = crossEntropy(pass.logits, batch.labels, options.labelSmoothing)
        const gradients = backward(graph, context.convolutions, parameters, pass, head.gradient)
        const gradient = concatenate(parameterLayout, gradients)
        const stepped = sgdStep(state, gradient, decay, learningRate, options.optimiser)
        return { ...stepped, statistics, metrics: head.metrics }
      })
      replace(next)
      pending.push(metrics)
      steps++
    },

    async drain() {
      context.assertDevice()
      if (pending.length === 0) return []
      const taken = pending
      pending = []
      const metrics = tf.concat(taken)
      tf.dispose(taken)
      const values = await readAndDispose(metrics, context)
      return Array.from(taken, (_, i): StepMetrics => ({
        loss: values[2 * i] ?? Number.NaN,
        correct: values[2 * i + 1] ?? Number.NaN,
      }))
    },

    async evaluate(batch) {
      context.assertDevice()
      const logits = tf.tidy(() =>
        forwardEvaluation(
          graph,
          context.convolutions,
          slices(parameterLayout, state.parameters),
          slices(statisticLayout, state.statistics),
          imagesOf(batch),
        ),
      )
      return readAndDispose(logits, context)
    },

    async read() {
      context.assertDevice()
      const taken = steps
      const { momentum } = state
      // Clones, because a step that is enqueued before the values arrive disposes the state.
      const [parameters, statistics, buffer] = await Promise.all([
        readAndDispose(state.parameters.clone(), context),
        readAndDispose(state.statistics.clone(), context),
        momentum && readAndDispose(momentum.clone(), context),
      ])
      return {
        parameters: unpack(parameterLayout, parameters),
        statistics: unpack(statisticLayout, statistics),
        slots: buffer ? { [MOMENTUM_SLOT]: unpack(parameterLayout, buffer) } : {},
        steps: taken,
      }
    },

    write(given) {
      replace(upload(given))
      steps = given.steps
    },

    dispose() {
      disposeState(state)
      tf.dispose([...pending, statisticRates, ...(decay ? [decay] : [])])
      pending = []
    },
  }
}

/** Each batch norm's mean and unbiased variance over this batch, by the name of its running statistic. */
function batchStatistics(graph: Graph, pass: TrainingPass, batch: number): NamedTensors {
  const statistics = new Map<string, tf.Tensor>()
  for (const node of graph.nodes) {
    if (node.op !== 'batchNorm') continue
    const moments = pass.moments.get(node.id)
    if (!moments) continue
    const count = batch * node.shape.height * node.shape.width
    statistics.set(node.attrs.mean, moments.mean)
    statistics.set(node.attrs.variance, tf.mul(moments.variance, count / (count - 1)))
  }
  return statistics
}

/** For every value of the flat statistics, how fast it follows the batch. */
function statisticMomenta(graph: Graph, layout: FlatLayout): Float32Array {
  const rates = new Map<string, number>()
  for (const node of graph.nodes) {
    if (node.op !== 'batchNorm') continue
    rates.set(node.attrs.mean, node.attrs.momentum)
    rates.set(node.attrs.variance, node.attrs.momentum)
  }
  const flat = new Float32Array(layout.size)
  for (const { name, offset, size } of layout.entries) flat.fill(rates.get(name) ?? 0, offset, offset + size)
  return flat
}

/** The tensors of a flat vector by name, in tfjs's layouts. */
function slices(layout: FlatLayout, flat: tf.Tensor1D): NamedTensors {
  return new Map(
    layout.entries.map(({ name, shape, offset, size }) => [
      name,
      tf.slice1d(flat, offset, size).reshape([...shape]),
    ]),
  )
}

function concatenate(layout: FlatLayout, tensors: NamedTensors): tf.Tensor1D {
  return tf.concat(
    layout.entries.map(({ name }) => {
      const tensor = tensors.get(name)
      if (!tensor) throw new Error(`the step gave nothing for ${name}`)
      return tensor.as1D()
    }),
  )
}

/** Waits for the device. @throws the device's failure, where it failed meanwhile */
async function readAndDispose(tensor: tf.Tensor, device: TrainerContext): Promise<Float32Array> {
  try {
    const values = await tensor.data<'float32'>()
    device.assertDevice()
    return values
  } catch (cause) {
    device.assertDevice()
    throw cause
  } finally {
    tensor.dispose()
  }
}

function vectorOf(values: Float32Array | undefined): tf.Tensor1D | undefined {
  return values && tf.tensor1d(values)
}

function disposeState({ parameters, momentum, statistics }: DeviceState): void {
  tf.dispose(momentum ? [parameters, momentum, statistics] : [parameters, statistics])
}
