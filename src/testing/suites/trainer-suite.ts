// Whole networks through the Trainer interface, on whichever backend is open: against PyTorch's results, and the
// promises of engine.ts.
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sgd } from '../../optimisers/sgd.ts'
import { channelNormalisationSchema } from '../../base/image-config.ts'
import type { Graph } from '../../network/graph.ts'
import type {
  Batch,
  CompileOptions,
  Engine,
  ImageNormalisation,
  Trainer,
  TrainerState,
} from '../../engine/engine.ts'
import { OPTIMISERS, slotNames } from '../../optimisers/index.ts'
import { createScore } from '../../engine/score.ts'
import fixture from '../fixtures/networks.json' with { type: 'json' }
import { decode, norm, relativeError } from './parity.ts'
import { batchOf, initialValues } from './parity-inputs.ts'
import { BLOCK_NETWORKS, blockNetwork, CLASSES, HE_NETWORKS, heNetwork } from './parity-networks.ts'

const RATE = { learningRate: fixture.optimiser.learningRate }
const FORWARD = 1e-5
const BACKWARD = 1e-4
/** Of the largest gradient's norm. */
const NOTHING = 1e-6

export function describeTrainer(name: string, open: () => Promise<Engine>): void {
  describe(`training on ${name}`, () => {
    const compile = compileOn(open)
    testParity(compile)
    testState(compile)
    testDropout(compile)
  })
}

/** Of engines that keep their values in tfjs's tensors. */
export function describeTensors(name: string, open: () => Promise<Engine>): void {
  describe(`tensors on ${name}`, () => {
    testMemory(compileOn(open))
  })
}

/** Compiles on an engine that lives as long as the surrounding tests. */
function compileOn(open: () => Promise<Engine>): Compile {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })
  afterAll(() => engine.dispose())
  return (graph, options = {}) => engine.compile(graph, { ...compileOptions(graph), ...options })
}

type Compile = (graph: Graph, options?: Partial<CompileOptions>) => Promise<Trainer>

function testParity(compile: Compile): void {
  describe.each([...HE_NETWORKS, ...BLOCK_NETWORKS])('$title', ({ graph, measured }) => {
    test('has PyTorch’s parameters in PyTorch’s order', () => {
      expect(graph.parameters.map(({ name }) => name)).toEqual(measured.names)
    })

    test('gives PyTorch’s logits for an augmented batch', async () => {
      const trainer = await compile(graph)
      const logits = await trainer.evaluate(batchOf(500))
      trainer.dispose()
      expect(relativeError(logits, decode(measured.evaluationLogits))).toBeLessThan(FORWARD)
    })

    test('gives PyTorch’s losses and gradients', async () => {
      // The momentum buffer of a first step without decay is the gradient.
      const optimiser = { ...compileOptions(graph).optimiser, weightDecay: 0 }
      const smoothed = await compile(graph, { optimiser, labelSmoothing: fixture.smoothing })
      smoothed.step(batchOf(500), RATE)
      const [metrics] = await smoothed.drain()
      const { slots } = await smoothed.read()
      smoothed.dispose()
      expect(relativeError([metrics?.loss ?? 0], [measured.loss.smoothed])).toBeLessThan(FORWARD)
      expect(metrics?.correct).toBe(measured.correct)
      expect(errorsAbove(BACKWARD, slots['momentum'], measured.gradients)).toEqual([])

      const plain = await compile(graph)
      plain.step(batchOf(500), RATE)
      const [unsmoothed] = await plain.drain()
      plain.dispose()
      expect(relativeError([unsmoothed?.loss ?? 0], [measured.loss.plain])).toBeLessThan(FORWARD)
    })

    test('reaches PyTorch’s state after a few steps, and follows its losses', async () => {
      const trainer = await compile(graph)
      const { training } = measured
      const losses: number[] = []
      for (const [step] of training.losses.entries()) {
        trainer.step(batchOf(600 + 10 * step), RATE)
        losses.push((await trainer.drain())[0]?.loss ?? Number.NaN)
        if (step !== fixture.steps - 1) continue
        const state = await trainer.read()
        expect(state.steps).toBe(fixture.steps)
        expect(errorsAbove(BACKWARD, state.parameters, training.parameters)).toEqual([])
        expect(errorsAbove(BACKWARD, state.statistics, training.statistics)).toEqual([])
        expect(errorsAbove(10 * BACKWARD, state.slots['momentum'], training.momentum)).toEqual([])
        const logits = await trainer.evaluate(batchOf(500))
        expect(relativeError(logits, decode(training.evaluationLogits))).toBeLessThan(BACKWARD)
      }
      trainer.dispose()
      expect(relativeError(losses, training.losses)).toBeLessThan(1e-3)
    })
  })
}

function testState(compile: Compile): void {
  const graph = heNetwork()

  async function stateAfter(
    steps: number,
    from: TrainerState = initialState(graph),
    options: Partial<CompileOptions> = {},
  ): Promise<TrainerState> {
    const trainer = await compile(graph, { ...options, initial: from })
    for (let step = 0; step < steps; step++) trainer.step(batchOf(600 + 10 * (from.steps + step)), RATE)
    const state = await trainer.read()
    trainer.dispose()
    return state
  }

  test('what is written is read back bit for bit', async () => {
    const trainer = await compile(graph)
    const state = await stateAfter(2)
    trainer.write(state)
    expect(await trainer.read()).toEqual(state)
    trainer.dispose()
  })

  test('an interrupted and resumed training ends bit for bit like an uninterrupted one', async () => {
    expect(await stateAfter(2, await stateAfter(2))).toEqual(await stateAfter(4))
  })

  test.each(OPTIMISERS.map(({ defaults }) => defaults))(
    'training with $kind, interrupted and resumed, ends bit for bit like an uninterrupted one',
    async (optimiser) => {
      const options = { optimiser }
      const resumed = await stateAfter(1, await stateAfter(1, initialState(graph), options), options)
      expect(resumed).toEqual(await stateAfter(2, initialState(graph), options))
      expect(Object.keys(resumed.slots)).toEqual(slotNames(optimiser))
    },
  )

  test('a state read while steps are enqueued is that of its moment', async () => {
    const trainer = await compile(graph)
    trainer.step(batchOf(600), RATE)
    const reading = trainer.read()
    trainer.step(batchOf(610), RATE)
    expect(await reading).toEqual(await stateAfter(1))
    expect(await trainer.read()).toEqual(await stateAfter(2))
    trainer.dispose()
  })

  test('a drain gives the metrics of every step since the last, in order', async () => {
    const [together, singly] = [await compile(graph), await compile(graph)]
    const expected = []
    for (const salt of [600, 610, 620]) {
      together.step(batchOf(salt), RATE)
      singly.step(batchOf(salt), RATE)
      expected.push(...(await singly.drain()))
    }
    expect(await together.drain()).toEqual(expected)
    expect(await together.drain()).toEqual([])
    together.dispose()
    singly.dispose()
  })

  test('an evaluation changes no state', async () => {
    const trainer = await compile(graph)
    await trainer.evaluate(batchOf(500))
    const { slots: _, ...state } = await trainer.read()
    const { slots: __, ...initial } = initialState(graph)
    expect(state).toEqual(initial)
    trainer.dispose()
  })

  test('an image centred by itself is one from which an image of its mean is subtracted', async () => {
    const one = { ...batchOf(500), size: 1 }
    const bytes = one.pixels.subarray(0, 3072)
    const mean = new Float32Array(3072).fill(bytes.reduce((sum, byte) => sum + byte, 0) / 3072 / 255)
    const logitsWith = async (normalisation: ImageNormalisation) => {
      const trainer = await compile(graph, { normalisation })
      const logits = await trainer.evaluate(one)
      trainer.dispose()
      return logits
    }
    const byItself = await logitsWith({ kind: 'image-mean' })
    const byMeanImage = await logitsWith({ kind: 'pixel-mean', mean })
    expect(relativeError(byItself, byMeanImage)).toBeLessThan(FORWARD)
    expect(relativeError(byItself, await logitsWith(compileOptions(graph).normalisation))).toBeGreaterThan(
      0.01,
    )
  })

  test('a whitening that subtracts 0.1, doubles every pixel and moves it by one is such images, normalised so', async () => {
    const values = 3072
    const matrix = new Float32Array(values ** 2)
    for (let i = 0; i < values; i++) matrix[i * values + ((i + 3) % values)] = 2
    const whitening = { matrix, mean: new Float32Array(values).fill(0.1) }
    const stored = { ...batchOf(500), augmentation: null }
    const pixels = stored.pixels.map((_, i) => {
      const plane = Math.floor(i / 1024) * 1024
      return stored.pixels[plane + ((i + 1) % 1024)] ?? 0
    })
    const { mean: before, std: deviation } = fixture.normalisation
    const mean = before.map((value, i) => value + 0.1 * (deviation[i] ?? 0))
    const std = deviation.map((value) => value / 2)
    const halved = channelNormalisationSchema.parse({ kind: 'channels', mean, std })
    const logitsOf = async (batch: Batch, options: Partial<CompileOptions>) => {
      const trainer = await compile(graph, options)
      const logits = await trainer.evaluate(batch)
      trainer.dispose()
      return logits
    }
    const whitened = await logitsOf(stored, { whitening })
    const moved = await logitsOf({ ...stored, pixels }, { normalisation: halved })
    expect(relativeError(whitened, moved)).toBeLessThan(FORWARD)
  })

  test('the score of several batches is what their logits say of each image, once each time it is asked for', async () => {
    const trainer = await compile(graph)
    const batches = [500, 510, 520].map(batchOf)
    const expected = createScore(CLASSES)
    for (const batch of batches) expected.add(await trainer.evaluate(batch), batch.labels)
    const { confusion, lossSum, predicted } = expected.finish()
    for (let i = 0; i < 2; i++) {
      const score = await trainer.score(inTurn(batches))
      expect(Array.from(score.confusion)).toEqual(Array.from(confusion))
      expect(Array.from(score.predicted)).toEqual(Array.from(predicted))
      expect(score.lossSum / lossSum).toBeCloseTo(1, 6)
    }
    trainer.dispose()
  })

  test('logits and features that are asked for during a score are not counted', async () => {
    const trainer = await compile(graph)
    const interrupted = async function* () {
      yield batchOf(500)
      await trainer.evaluate(batchOf(510))
      await trainer.features(batchOf(510))
      yield batchOf(520)
    }
    const { confusion, predicted } = await trainer.score(interrupted())
    const undisturbed = await trainer.score(inTurn([batchOf(500), batchOf(520)]))
    expect(confusion).toEqual(undisturbed.confusion)
    expect(predicted).toEqual(undisturbed.predicted)
    trainer.dispose()
  })

  test('a score that is given up, because its images end in an error, leaves nothing to the next', async () => {
    const trainer = await compile(graph)
    const broken = async function* () {
      yield batchOf(500)
      throw new Error('no more images')
    }
    await expect(trainer.score(broken())).rejects.toThrow('no more images')
    const { confusion, predicted } = await trainer.score(inTurn([batchOf(510)]))
    expect(predicted).toHaveLength(fixture.batch)
    expect(confusion.reduce((sum, count) => sum + count, 0)).toBe(fixture.batch)
    trainer.dispose()
  })

  test('features are what the linear layer makes logits of', async () => {
    const trainer = await compile(graph)
    const { parameters } = await trainer.read()
    const features = await trainer.features(batchOf(500))
    const logits = await trainer.evaluate(batchOf(500))
    trainer.dispose()
    const width = 4 * fixture.width
    expect(features).toHaveLength(fixture.batch * width)
    const weights = parameters['linear.weight'] ?? new Float32Array()
    const made = Array.from(logits, (_, i) => {
      const [image, output] = [Math.floor(i / CLASSES), i % CLASSES]
      const row = weights.subarray(output * width, (output + 1) * width)
      const product = row.reduce((sum, weight, at) => sum + weight * (features[image * width + at] ?? 0), 0)
      return product + (parameters['linear.bias']?.[output] ?? 0)
    })
    expect(relativeError(made, logits)).toBeLessThan(FORWARD)
  })

  test('without momentum the optimiser has no slot', async () => {
    const optimiser = { ...sgd.defaults, momentum: 0 }
    const trainer = await compile(graph, { optimiser })
    trainer.step(batchOf(600), RATE)
    expect((await trainer.read()).slots).toEqual({})
    trainer.dispose()
  })

  test('another network’s state is refused by the first tensor that differs, and the trainer keeps its own', async () => {
    const trainer = await compile(graph)
    const wider = heNetwork({ width: 8 })
    expect(() => trainer.write(initialState(wider))).toThrow(
      expect.objectContaining({
        code: 'weights-mismatch',
        message: expect.stringMatching(/conv1\.weight takes 108 values.*has 216/),
      }),
    )
    expect((await trainer.read()).parameters).toEqual(initialState(graph).parameters)
    trainer.dispose()
  })
}

function testDropout(compile: Compile): void {
  const graph = blockNetwork('pools')

  async function train(steps: number, options: Partial<CompileOptions> = {}) {
    const trainer = await compile(graph, options)
    const from = options.initial?.steps ?? 0
    for (let step = from; step < from + steps; step++) trainer.step(batchOf(600 + 10 * step), RATE)
    const metrics = await trainer.drain()
    const state = await trainer.read()
    trainer.dispose()
    return { metrics, state }
  }

  test('a resumed training drops what the uninterrupted one drops', async () => {
    const whole = await train(4)
    const first = await train(2)
    const second = await train(2, { initial: first.state })
    expect([...first.metrics, ...second.metrics]).toEqual(whole.metrics)
    expect(second.state).toEqual(whole.state)
  })

  test('another seed drops other channels, and another step too', async () => {
    const { metrics } = await train(1)
    expect((await train(1)).metrics).toEqual(metrics)
    expect((await train(1, { dropoutSeed: 8 })).metrics).not.toEqual(metrics)
    const later = { ...initialState(graph), steps: 1 }
    const trainer = await compile(graph, { initial: later })
    trainer.step(batchOf(600), RATE)
    expect(await trainer.drain()).not.toEqual(metrics)
    trainer.dispose()
  })
}

function testMemory(compile: Compile): void {
  const graph = heNetwork()

  test('steps, drains, evaluations and reads leave no tensor behind, and disposing leaves none at all', async () => {
    const before = tf.memory().numTensors
    const trainer = await compile(graph)
    const use = async () => {
      trainer.step(batchOf(600), RATE)
      trainer.step(batchOf(610), RATE)
      await trainer.drain()
      await trainer.evaluate(batchOf(500))
      trainer.write(await trainer.read())
      return tf.memory().numTensors
    }
    const inUse = await use()
    expect(inUse).toBeGreaterThan(before)
    expect(await use()).toBe(inUse)
    trainer.step(batchOf(600), RATE)
    trainer.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  test('a network that cannot begin for want of its state leaves no tensor behind', async () => {
    const before = tf.memory().numTensors
    const { parameters } = initialState(graph)
    const initial = { parameters, statistics: {}, slots: {}, steps: 0 }
    await expect(compile(graph, { initial })).rejects.toMatchObject({ code: 'weights-mismatch' })
    expect(tf.memory().numTensors).toBe(before)
  })
}

/**
 * The tensors that differ from PyTorch's by more than `limit`, with their errors. Where PyTorch's is nothing beside the
 * others, it is rounding errors (a bias before batch norm has no gradient), and ours must be no more than that.
 */
function errorsAbove(
  limit: number,
  tensors: Readonly<Record<string, Float32Array>> | undefined,
  expected: object,
): string[] {
  const decoded = Object.entries(expected).map(([name, base64]) => [name, decode(String(base64))] as const)
  const nothing = NOTHING * Math.max(...decoded.map(([, values]) => norm(values)))
  return decoded.flatMap(([name, values]) => {
    const found = tensors?.[name] ?? []
    const isNothing = norm(values) < nothing && norm(found) < nothing && found.length === values.length
    const error = isNothing ? 0 : relativeError(found, values)
    return error < limit ? [] : [`${name}: ${error}`]
  })
}

function compileOptions(graph: Graph): CompileOptions {
  return {
    batchSize: fixture.batch,
    optimiser: { kind: 'sgd', decays: 'all', ...fixture.optimiser },
    labelSmoothing: 0,
    activations: 'f32',
    normalisation: channelNormalisationSchema.parse({ kind: 'channels', ...fixture.normalisation }),
    dropoutSeed: fixture.dropoutSeed,
    initial: initialState(graph),
  }
}

/** The state that scripts/parity/networks.py begins with. */
function initialState(graph: Graph): TrainerState {
  return {
    parameters: Object.fromEntries(
      graph.parameters.map((parameter, salt) => [parameter.name, initialValues(parameter, salt)]),
    ),
    statistics: Object.fromEntries(
      graph.statistics.map(({ name, shape, initial: value }) => [
        name,
        new Float32Array(shape[0] ?? 0).fill(value),
      ]),
    ),
    slots: {},
    steps: 0,
  }
}

async function* inTurn(batches: readonly Batch[]): AsyncGenerator<Batch> {
  yield* batches
}
