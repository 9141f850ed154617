// The engine's arithmetic, piece by piece, on whichever backend is open: against PyTorch's results and slow loops.
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../engine/engine.ts'
import { slotNames } from '../../optimisers/index.ts'
import { batchMoments, batchNormGradients, channelSum, normalise } from '../../engine/tfjs/batch-norm.ts'
import { convolutionsFor } from '../../engine/tfjs/convolution.ts'
import { crossEntropy } from '../../engine/tfjs/cross-entropy.ts'
import batchNormFixture from '../fixtures/batch-norm.json' with { type: 'json' }
import crossEntropyFixture from '../fixtures/cross-entropy.json' with { type: 'json' }
import { layOut, pack } from '../../engine/tfjs/flat-layout.ts'
import { decayVector, optimise, type OptimiserState } from '../../engine/tfjs/optimise.ts'
import {
  avgPool2,
  avgPool2Gradient,
  maxPool4,
  maxPool4Gradient,
  padChannels,
  padChannelsGradient,
  subsample2,
  subsample2Gradient,
} from '../../engine/tfjs/shape-ops.ts'
import * as reference from '../../engine/reference/batch-norm.ts'
import { maxPool, maxPoolGradient } from '../../engine/reference/max-pool.ts'
import { decayingOf, OPTIMISED_PARAMETERS, OPTIMISER_RUNS } from './optimiser-runs.ts'
import { decode, meanRounding, noise, relativeError, swapChannels } from './parity.ts'
import {
  filterSize,
  outputSize,
  referenceForward,
  referenceGradients,
  type ConvolutionCase,
  type Size,
} from './reference-convolution.ts'

export function describeKernels(name: string, open: () => Promise<Engine>): void {
  describe(`arithmetic on ${name}`, () => {
    let engine: Engine
    beforeAll(async () => {
      engine = await open()
    })
    afterAll(() => engine.dispose())

    testConvolutions()
    testBatchNorm()
    testCrossEntropy()
    testOptimisers()
    testShapes()
  })
}

/** A tensor's values; frees it. */
async function take(tensor: tf.Tensor): Promise<Float32Array> {
  const values = await tensor.data<'float32'>()
  tensor.dispose()
  return values
}

const tensor4d = (values: Float32Array, [a, b, c, d]: Size) => tf.tensor4d(values, [a, b, c, d])

function testConvolutions(): void {
  const cases: readonly ConvolutionCase[] = [
    { x: [2, 8, 8, 3], kernel: 3, out: 4, stride: 1 },
    { x: [3, 5, 7, 4], kernel: 3, out: 8, stride: 1 },
    { x: [2, 8, 6, 4], kernel: 3, out: 8, stride: 2 },
    { x: [1, 7, 5, 3], kernel: 3, out: 5, stride: 2 },
    { x: [2, 6, 6, 4], kernel: 1, out: 8, stride: 2 },
    { x: [2, 5, 7, 3], kernel: 1, out: 2, stride: 2 },
    { x: [2, 3, 5, 6], kernel: 1, out: 5, stride: 1 },
    { x: [1, 1, 1, 2], kernel: 3, out: 3, stride: 1 },
  ]
  // Every formulation that some backend uses, on this one.
  const formulations = {
    stock: convolutionsFor('webgpu', false),
    'for software adapters': convolutionsFor('webgpu', true),
    'for the CPU': convolutionsFor('cpu', true),
  }
  for (const [formulation, convolutions] of Object.entries(formulations)) {
    test.each(cases)(
      `convolution (${formulation}) and its gradients equal the plain loops: $x → $out, $kernel×$kernel, stride $stride`,
      async (size) => {
        const values = {
          x: noise(1, size.x),
          filter: noise(2, filterSize(size)),
          dy: noise(3, outputSize(size)),
        }
        const [x, filter, dy] = [
          tensor4d(values.x, size.x),
          tensor4d(values.filter, filterSize(size)),
          tensor4d(values.dy, outputSize(size)),
        ]
        const y = await take(convolutions.forward(x, filter, size.stride))
        const dx = await take(convolutions.inputGradient(dy, filter, x.shape, size.stride))
        const dFilter = await take(convolutions.filterGradient(x, dy, filter.shape, size.stride))
        tf.dispose([x, filter, dy])

        const expected = referenceGradients(size, values.x, values.filter, values.dy)
        expect(relativeError(y, referenceForward(size, values.x, values.filter))).toBeLessThan(1e-6)
        expect(relativeError(dx, expected.dx)).toBeLessThan(1e-6)
        expect(relativeError(dFilter, expected.dFilter)).toBeLessThan(1e-6)
      },
    )
  }
}

function testBatchNorm(): void {
  test.each(batchNormFixture)(
    'batch norm over $shape equals PyTorch’s, forward and backward',
    async ({ shape, salt, ...fixture }) => {
      const [batch = 0, channels = 0, height = 0, width = 0] = shape
      const channelsLast = (values: Float32Array) =>
        tf.tensor4d(swapChannels(values, batch, channels, height * width), [batch, height, width, channels])
      const channelsFirst = (values: Float32Array) => swapChannels(values, batch, height * width, channels)
      const epsilon = 1e-5

      const scale = tf.tensor1d(noise(salt, [channels]).map((value) => 1 + value))
      const shift = tf.tensor1d(noise(salt + 1, [channels]))
      const x = channelsLast(noise(salt + 3, shape).map((value) => Math.fround(3 * value) + 2))
      const dy = channelsLast(noise(salt + 4, shape))
      const moments = batchMoments(x)
      const y = await take(normalise(x, moments, scale, shift, epsilon))
      const gradients = batchNormGradients(x, dy, moments, scale, epsilon)
      tf.dispose([scale, shift, x, dy, moments.mean, moments.variance])

      expect(relativeError(channelsFirst(y), decode(fixture.output))).toBeLessThan(1e-5)
      const dx = channelsFirst(await take(gradients.dx))
      expect(relativeError(dx, decode(fixture.inputGradient))).toBeLessThan(1e-4)
      expect(relativeError(await take(gradients.dScale), decode(fixture.scaleGradient))).toBeLessThan(1e-4)
      expect(relativeError(await take(gradients.dShift), decode(fixture.shiftGradient))).toBeLessThan(1e-4)
    },
  )

  test.each([
    { mean: 10, sd: 0.01 },
    { mean: -1000, sd: 1 },
  ])('batch norm of channels far from 0 costs no digits: $mean ± $sd', async ({ mean, sd }) => {
    const epsilon = 1e-5
    const channels = 4
    const values = noise(1, [8, 16, 16, channels]).map((value) => Math.fround(mean + sd * value))
    const [one, zero] = [tf.ones<tf.Rank.R1>([channels]), tf.zeros<tf.Rank.R1>([channels])]
    const x = tensor4d(values, [8, 16, 16, channels])
    const moments = batchMoments(x)
    const y = await take(normalise(x, moments, one, zero, epsilon))
    tf.dispose([one, zero, x, moments.mean, moments.variance])
    const images = Float64Array.from(values)
    const exact = reference.batchMoments(images, channels)
    const ones = new Float64Array(channels).fill(1)
    const expected = reference.normalise(images, exact, ones, new Float64Array(channels), epsilon)
    expect(relativeError(y, expected)).toBeLessThan(meanRounding(mean, sd))
  })
}

function testCrossEntropy(): void {
  const { batch, classes, runs } = crossEntropyFixture
  test.each(runs)(
    'cross-entropy with smoothing $smoothing of logits up to ±$scale ÷ 2 equals PyTorch’s',
    async ({ smoothing, scale, loss, correct, gradient }) => {
      const values = noise(5, [batch, classes]).map((value) => scale * value)
      const labels = Uint8Array.from({ length: batch }, (_, i) => (i * 3) % classes)
      const logits = tf.tensor2d(values, [batch, classes])
      const head = crossEntropy(logits, labels, smoothing)
      logits.dispose()
      const metrics = await take(head.metrics)
      expect(relativeError([metrics[0] ?? 0], [loss])).toBeLessThan(1e-5)
      expect(metrics[1]).toBe(correct)
      expect(relativeError(await take(head.gradient), decode(gradient))).toBeLessThan(1e-5)
    },
  )
}

function testOptimisers(): void {
  const layout = layOut(OPTIMISED_PARAMETERS)
  test.each(OPTIMISER_RUNS)('%s takes PyTorch’s 20 steps', async (_, { optimiser, steps, ...expected }) => {
    const vector = decayVector(decayingOf(optimiser), layout, optimiser)
    const slots = slotNames(optimiser)
    const result = tf.tidy(() => {
      const decay = vector && tf.tensor1d(vector)
      let state: OptimiserState = {
        parameters: tf.tensor1d(pack(layout, expected.initial)),
        slots: slots.map(() => tf.zeros([layout.size])),
      }
      for (const [i, { gradients, learningRate }] of steps.entries()) {
        const gradient = tf.tensor1d(pack(layout, gradients))
        state = optimise(state, { gradient, decay, learningRate, number: i + 1 }, optimiser)
      }
      return state
    })
    const values = await take(result.parameters)
    expect(relativeError(values, pack(layout, expected.parameters))).toBeLessThan(1e-6)
    expect(Object.keys(expected.slots).toSorted()).toEqual(slots.toSorted())
    for (const [i, name] of slots.entries()) {
      const slot = await take(result.slots[i] ?? tf.tensor1d([]))
      expect(relativeError(slot, pack(layout, expected.slots[name] ?? {}))).toBeLessThan(1e-6)
    }
  })
}

function testShapes(): void {
  test('subsampling keeps every second pixel, and its gradient returns there', async () => {
    const x = tf.range(0, 30).as4D(1, 5, 3, 2)
    const dy = tf.range(1, 13).as4D(1, 3, 2, 2)
    expect(Array.from(await take(subsample2(x)))).toEqual([0, 1, 4, 5, 12, 13, 16, 17, 24, 25, 28, 29])
    const row = (...values: readonly number[]) => [...values.slice(0, 2), 0, 0, ...values.slice(2)]
    const nothing = [0, 0, 0, 0, 0, 0]
    expect(Array.from(await take(subsample2Gradient(dy, [1, 5, 3, 2])))).toEqual([
      ...row(1, 2, 3, 4),
      ...nothing,
      ...row(5, 6, 7, 8),
      ...nothing,
      ...row(9, 10, 11, 12),
    ])
    tf.dispose([x, dy])
  })

  test('padding adds zero channels on each side, and its gradient drops them', async () => {
    const x = tf.tensor4d([1, 2, 3, 4], [1, 1, 2, 2])
    const dy = tf.range(0, 10).as4D(1, 1, 2, 5)
    expect(Array.from(await take(padChannels(x, 1, 2)))).toEqual([0, 1, 2, 0, 0, 0, 3, 4, 0, 0])
    expect(Array.from(await take(padChannelsGradient(dy, 1, 2)))).toEqual([1, 2, 6, 7])
    tf.dispose([x, dy])
  })
  test('an average pool is the mean of 2×2 pixels, without an odd last row and column', async () => {
    const x = tf.range(0, 30).as4D(1, 5, 3, 2)
    const dy = tf.tensor4d([4, 8, 12, 16], [1, 2, 1, 2])
    // Rows 0 and 1 of columns 0 and 1: 0, 2, 6, 8 in the first channel.
    expect(Array.from(await take(avgPool2(x)))).toEqual([4, 5, 16, 17])
    const row = (...values: readonly number[]) => [...values, ...values, 0, 0]
    expect(Array.from(await take(avgPool2Gradient(dy, [1, 5, 3, 2])))).toEqual([
      ...row(1, 2),
      ...row(1, 2),
      ...row(3, 4),
      ...row(3, 4),
      ...row(0, 0),
    ])
    tf.dispose([x, dy])
  })

  test('a max pool’s gradient goes to the first of a window’s largest pixels, and to none outside of a window', async () => {
    const [height, width, channels] = [9, 6, 3]
    // Many ties: only the values 0 … 3.
    const values = noise(9, [2, height, width, channels]).map((value) => Math.floor(4 * (value + 0.5)))
    const x = tensor4d(values, [2, height, width, channels])
    const dy = tensor4d(noise(10, [2, 2, 1, channels]), [2, 2, 1, channels])
    const shape = { batch: 2, height, width, channels, window: 4 }
    const y = await take(maxPool4(x))
    // Plus 0: tfjs multiplies by a mask, which leaves zeros with a sign.
    const dx = (await take(maxPool4Gradient(x, dy))).map((value) => value + 0)
    const upstream = Float64Array.from(await take(dy))
    x.dispose()
    expect(y).toEqual(Float32Array.from(maxPool(Float64Array.from(values), shape)))
    expect(dx).toEqual(Float32Array.from(maxPoolGradient(upstream, Float64Array.from(values), shape)))
  })

  test('the sum of a channel is over images and pixels', async () => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 1, 2])
    expect(Array.from(await take(channelSum(x)))).toEqual([16, 20])
    x.dispose()
  })
}
