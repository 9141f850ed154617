// Before a device is trusted: one small training step on it, against the same step in float64. Some mobile GPUs return
// zero gradients without any error.
import { AppError } from '../base/app-error.ts'
import { IMAGE_BYTES, IMAGE_CHANNELS, IMAGE_SIDE } from '../base/data-set.ts'
import { createRandom } from '../base/random.ts'
import type { Graph } from '../network/graph.ts'
import { createGraphBuilder } from '../network/graph-builder.ts'
import { elements } from '../network/network-facts.ts'
import { decodeBatch } from './decode-batch.ts'
import type { Batch, CompileOptions, Engine, ImageNormalisation } from './engine.ts'
import { batchMoments, normalise, normaliseGradients } from './reference/batch-norm.ts'
import { conv2d, conv2dFilterGradient, conv2dInputGradient } from './reference/conv2d.ts'
import { crossEntropy } from './reference/cross-entropy.ts'
import { dense, denseGradients } from './reference/dense.ts'

const IMAGES = 2
const CLASSES = 10
const CHANNELS = 4
/** ‖gradient − reference‖ ÷ ‖reference‖ that rounding cannot reach. */
const MOST_ERROR = 1e-3
const NORMALISATION: ImageNormalisation = {
  kind: 'channels',
  mean: [0.5, 0.5, 0.5],
  std: [0.25, 0.25, 0.25],
}

type Values = Readonly<Record<string, Float64Array>>

/**
 * @param remedy what a person can do about it
 * @throws AppError `device-unavailable`, naming the device and what it gets wrong
 */
export async function selfTest(compile: Engine['compile'], device: string, remedy: string): Promise<void> {
  const graph = probeNetwork()
  const batch = probeBatch()
  const before = probeParameters(graph)
  const found = await gradientsOnDevice(compile, graph, batch, before)
  const expected = gradientsInFloat64(batch, widen(before))
  for (const [name, reference] of Object.entries(expected)) {
    const error = relativeError(found[name] ?? new Float64Array(), reference)
    if (error <= MOST_ERROR) continue
    throw new AppError(
      'device-unavailable',
      `${device} computes wrongly: the gradient of ${name} in a small test is off by ${(100 * error).toFixed(1)} %; ${remedy}.`,
    )
  }
}

/** conv 3×3/2 – BN – ReLU – conv 3×3 – global average pool – linear. */
function probeNetwork(): Graph {
  const builder = createGraphBuilder({ height: IMAGE_SIDE, width: IMAGE_SIDE, channels: IMAGE_CHANNELS })
  let at = builder.conv2d(builder.input, 'first', CHANNELS, 3, 2)
  at = builder.relu(builder.batchNorm(at, 'norm'))
  at = builder.globalAvgPool(builder.conv2d(at, 'second', CHANNELS, 3, 1))
  return builder.finish(builder.dense(at, 'linear', CLASSES))
}

function probeBatch(): Batch {
  const random = createRandom(1, 'self-test/images')
  return {
    size: IMAGES,
    pixels: new Uint8Array(IMAGES * IMAGE_BYTES).map(() => random.below(256)),
    labels: Uint8Array.of(3, 7),
    augmentation: null,
  }
}

function probeParameters({ parameters }: Graph): Record<string, Float32Array> {
  const random = createRandom(1, 'self-test/parameters')
  return Object.fromEntries(
    parameters.map(({ name, shape, role }) => {
      const centre = role === 'scale' ? 1 : 0
      return [name, new Float32Array(elements(shape)).map(() => centre + random.uniform() - 0.5)]
    }),
  )
}

/** By one step of plain gradient descent with rate 1: what it subtracts. */
async function gradientsOnDevice(
  compile: Engine['compile'],
  graph: Graph,
  batch: Batch,
  before: Readonly<Record<string, Float32Array>>,
): Promise<Values> {
  const trainer = await compile(graph, probeOptions(graph, before))
  try {
    trainer.step(batch, { learningRate: 1 })
    const { parameters } = await trainer.read()
    const entries = Object.entries(before).map(([name, values]) => {
      const after = parameters[name]
      return [name, Float64Array.from(values, (value, i) => value - (after?.[i] ?? Number.NaN))] as const
    })
    return Object.fromEntries(entries)
  } finally {
    trainer.dispose()
  }
}

function probeOptions(graph: Graph, parameters: Readonly<Record<string, Float32Array>>): CompileOptions {
  return {
    batchSize: IMAGES,
    activations: 'f32',
    optimiser: {
      kind: 'sgd',
      learningRate: 1,
      momentum: 0,
      nesterov: false,
      weightDecay: 0,
      decays: 'all',
    },
    labelSmoothing: 0,
    normalisation: NORMALISATION,
    dropoutSeed: 0,
    initial: {
      parameters,
      statistics: Object.fromEntries(
        graph.statistics.map(({ name, shape, initial }) => [
          name,
          new Float32Array(elements(shape)).fill(initial),
        ]),
      ),
      slots: {},
      steps: 0,
    },
  }
}

/** The same step by the definitions of its layers. */
function gradientsInFloat64(batch: Batch, values: Values): Values {
  const side = IMAGE_SIDE / 2
  const images = { batch: IMAGES, kernel: 3, outChannels: CHANNELS } as const
  const first = {
    ...images,
    height: IMAGE_SIDE,
    width: IMAGE_SIDE,
    inChannels: IMAGE_CHANNELS,
    stride: 2,
  } as const
  const second = { ...images, height: side, width: side, inChannels: CHANNELS, stride: 1 } as const
  const linear = { batch: IMAGES, inChannels: CHANNELS, outChannels: CLASSES }
  const tensor = (name: string) => values[name] ?? new Float64Array()
  const epsilon = 1e-5

  const x = Float64Array.from(decodeBatch(batch, NORMALISATION))
  const a = conv2d(x, tensor('first.weight'), first)
  const b = normalise(a, batchMoments(a, CHANNELS), tensor('norm.weight'), tensor('norm.bias'), epsilon)
  const c = b.map((value) => Math.max(value, 0))
  const pooled = meanOfPixels(conv2d(c, tensor('second.weight'), second), side ** 2)
  const logits = dense(pooled, tensor('linear.weight'), tensor('linear.bias'), linear)

  const loss = crossEntropy(logits, Array.from(batch.labels), CLASSES, 0)
  const head = denseGradients(loss.gradient, pooled, tensor('linear.weight'), linear)
  const dSecond = spread(head.input, side ** 2)
  const dC = conv2dInputGradient(dSecond, tensor('second.weight'), second)
  const dB = dC.map((value, i) => ((b[i] ?? 0) > 0 ? value : 0))
  const norm = normaliseGradients(dB, a, tensor('norm.weight'), epsilon)
  return {
    'first.weight': conv2dFilterGradient(x, norm.images, first),
    'norm.weight': norm.scale,
    'norm.bias': norm.shift,
    'second.weight': conv2dFilterGradient(c, dSecond, second),
    'linear.weight': head.weights,
    'linear.bias': head.bias,
  }
}

/** [n][pixels][channels] → [n][channels] */
function meanOfPixels(values: Float64Array, pixels: number): Float64Array {
  const means = new Float64Array(values.length / pixels)
  for (const [i, value] of values.entries()) {
    const at = Math.floor(i / (pixels * CHANNELS)) * CHANNELS + (i % CHANNELS)
    means[at] = (means[at] ?? 0) + value / pixels
  }
  return means
}

/** Its gradient: [n][channels] → [n][pixels][channels] */
function spread(values: Float64Array, pixels: number): Float64Array {
  return Float64Array.from({ length: values.length * pixels }, (_, i) => {
    const at = Math.floor(i / (pixels * CHANNELS)) * CHANNELS + (i % CHANNELS)
    return (values[at] ?? 0) / pixels
  })
}

function widen(values: Readonly<Record<string, Float32Array>>): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Float64Array.from(value)]))
}

function relativeError(found: Float64Array, reference: Float64Array): number {
  let difference = 0
  let norm = 0
  for (const [i, value] of reference.entries()) {
    difference += ((found[i] ?? Number.NaN) - value) ** 2
    norm += value ** 2
  }
  const error = Math.sqrt(difference / norm)
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error
}
