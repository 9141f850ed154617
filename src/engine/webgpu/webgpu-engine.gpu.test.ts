import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createNodeGpu } from '../../cli/device/node-gpu.ts'
import { ACTIVATION_FORMATS } from '../../base/activation-format.ts'
import type { AppError } from '../../base/app-error.ts'
import { IMAGE_BYTES } from '../../base/data-set.ts'
import { createRandom } from '../../base/random.ts'
import { buildResidualNetwork } from '../../network/residual-network.ts'
import { heNetwork } from '../../presets/he.ts'
import { initialState } from '../../training/initialise.ts'
import type { Batch, CompileOptions, Engine } from '../engine.ts'
import { relativeError } from '../../testing/suites/parity.ts'
import { blockNetwork } from '../../testing/suites/parity-networks.ts'
import { describeSystems } from '../../testing/suites/system-suite.ts'
import { describeTrainer } from '../../testing/suites/trainer-suite.ts'
import { describeAdapter, openWebgpuDevice } from '../webgpu-device.ts'
import { createWebGpuEngine } from './webgpu-engine.ts'

type Opened = { readonly engine: Engine; readonly device: GPUDevice; readonly failures: AppError[] }

/** @param family which kernels to compute convolutions with */
async function open(family: 'register' | 'tiled' = 'register'): Promise<Opened> {
  const { gpu } = await createNodeGpu()
  const failures: AppError[] = []
  const { device, info, close } = await openWebgpuDevice(gpu, (error) => failures.push(error))
  const engine = await createWebGpuEngine({
    device,
    close,
    info: { adapter: describeAdapter(info), software: family === 'register', fallbackReasons: [] },
    measuring: null,
    failure: () => failures[0] ?? null,
    onFailure: (error) => failures.push(error),
  })
  return { engine, device, failures }
}

/** For all tests that leave their device well, so that a kernel is compiled once. */
let shared: Promise<Opened> | null = null
const openShared = () => (shared ??= open())
afterAll(async () => (await shared)?.engine.dispose())

async function sharedEngine(): Promise<Engine> {
  const { engine } = await openShared()
  return { ...engine, dispose: () => undefined }
}

describeTrainer('the WebGPU engine', sharedEngine)

describeSystems('the WebGPU engine', sharedEngine)

const GRAPH = buildResidualNetwork(heNetwork({ n: 1, width: 4 }), 10)
const RATE = { learningRate: 0.1 }

function options(batchSize: number, graph = GRAPH): CompileOptions {
  return {
    batchSize,
    optimiser: {
      kind: 'sgd',
      learningRate: 0.1,
      momentum: 0.9,
      nesterov: true,
      weightDecay: 5e-4,
      decays: 'all',
    },
    labelSmoothing: 0,
    activations: 'f32',
    normalisation: { kind: 'channels', mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
    dropoutSeed: 7,
    initial: initialState(graph, 7),
  }
}

function batchOf(size: number, seed: number): Batch {
  const random = createRandom(seed, 'images')
  return {
    size,
    pixels: new Uint8Array(size * IMAGE_BYTES).map(() => random.below(256)),
    labels: new Uint8Array(size).map(() => random.below(10)),
    augmentation: null,
  }
}

test('both families of convolution kernels train alike', async () => {
  const graph = buildResidualNetwork(heNetwork({ n: 1, width: 4, shortcut: { kind: 'conv1x1-bn' } }), 10)
  const train = async ({ engine, failures }: Opened) => {
    const trainer = await engine.compile(graph, { ...options(5), initial: initialState(graph, 7) })
    for (let step = 0; step < 3; step++) trainer.step(batchOf(5, step), RATE)
    const losses = (await trainer.drain()).map(({ loss }) => loss)
    const { parameters } = await trainer.read()
    trainer.dispose()
    expect(failures).toEqual([])
    return { losses, parameters }
  }
  const register = await train(await openShared())
  const other = await open('tiled')
  const tiled = await train(other)
  other.engine.dispose()
  for (const [i, loss] of register.losses.entries()) expect(tiled.losses[i]).toBeCloseTo(loss, 4)
  for (const [name, values] of Object.entries(register.parameters)) {
    expect(relativeError(tiled.parameters[name] ?? [], values)).toBeLessThan(1e-4)
  }
})

describe('on Dawn', () => {
  let opened: Opened
  beforeAll(async () => {
    opened = await openShared()
  })

  test.each(ACTIVATION_FORMATS)(
    'two runs of 50 steps from one seed end with the same bits: %s',
    async (activations) => {
      const run = async () => {
        const trainer = await opened.engine.compile(GRAPH, { ...options(4), activations })
        for (let step = 0; step < 50; step++) trainer.step(batchOf(4, step), RATE)
        const metrics = await trainer.drain()
        const state = await trainer.read()
        trainer.dispose()
        return { metrics, state }
      }
      const first = await run()
      expect(first.metrics).toHaveLength(50)
      expect(first.metrics.every(({ loss }) => Number.isFinite(loss))).toBe(true)
      expect(await run()).toEqual(first)
    },
  )

  test('a profiled step ends with the bits of any other, and times every kernel', async () => {
    const after = async (profiled: boolean) => {
      const trainer = await opened.engine.compile(GRAPH, options(4))
      const times = profiled
        ? await trainer.profile?.(batchOf(4, 1), RATE)
        : trainer.step(batchOf(4, 1), RATE)
      const [metrics, state] = [await trainer.drain(), await trainer.read()]
      trainer.dispose()
      return { times, outcome: { metrics, state } }
    }
    const profiled = await after(true)
    expect(profiled.outcome).toEqual((await after(false)).outcome)
    const times = profiled.times ?? []
    expect(times.filter(({ label }) => label.startsWith('conv2d forward'))).toHaveLength(7)
    expect(times.every(({ milliseconds }) => milliseconds >= 0)).toBe(true)
    expect(times.reduce((total, { milliseconds }) => total + milliseconds, 0)).toBeGreaterThan(0)
  })

  test.each([
    { title: 'a ResNet-8', graph: GRAPH },
    { title: 'a network with pools, biases and dropouts', graph: blockNetwork('pools') },
  ])(
    'a batch smaller than the one compiled for trains $title as if it had been compiled for',
    async ({ graph }) => {
      const after = async (capacity: number) => {
        const trainer = await opened.engine.compile(graph, options(capacity, graph))
        // A full batch first: what it leaves behind must not count.
        if (capacity > 3) trainer.step(batchOf(capacity, 1), { learningRate: 0 })
        trainer.write(initialState(graph, 7))
        trainer.step(batchOf(3, 2), RATE)
        trainer.step(batchOf(3, 3), RATE)
        const metrics = (await trainer.drain()).slice(-2)
        const { parameters, statistics } = await trainer.read()
        trainer.dispose()
        return { metrics, tensors: { ...parameters, ...statistics } }
      }
      const [padded, exact] = [await after(8), await after(3)]
      expect(padded.metrics.map(({ correct }) => correct)).toEqual(
        exact.metrics.map(({ correct }) => correct),
      )
      for (const [i, { loss }] of exact.metrics.entries()) {
        expect(padded.metrics[i]?.loss).toBeCloseTo(loss, 4)
      }
      for (const [name, values] of Object.entries(exact.tensors)) {
        expect(relativeError(padded.tensors[name] ?? [], values)).toBeLessThan(1e-4)
      }
    },
  )

  test('a batch larger than an evaluation pass gives each image the logits that it has alone', async () => {
    const trainer = await opened.engine.compile(GRAPH, { ...options(4), batchSize: null })
    const batch = batchOf(103, 5)
    const logits = await trainer.evaluate(batch)
    expect(logits).toHaveLength(103 * 10)
    for (const image of [0, 99, 100, 102]) {
      const alone = await trainer.evaluate({
        size: 1,
        pixels: batch.pixels.subarray(image * IMAGE_BYTES, (image + 1) * IMAGE_BYTES),
        labels: batch.labels.subarray(image, image + 1),
        augmentation: null,
      })
      expect(relativeError(logits.subarray(image * 10, (image + 1) * 10), alone)).toBeLessThan(1e-5)
    }
    trainer.dispose()
    expect(opened.failures).toEqual([])
  })
})

test('after a refused command the caller is told once, and the trainer answers nothing more', async () => {
  const { engine, device, failures } = await open()
  const trainer = await engine.compile(GRAPH, options(4))
  // A buffer without a use is a validation error; nobody awaits it.
  device.createBuffer({ size: 4, usage: 0 })
  device.createBuffer({ size: 4, usage: 0 })
  await device.queue.onSubmittedWorkDone()
  expect(failures).toEqual([
    expect.objectContaining({ code: 'device-lost', message: expect.stringContaining('refused a command') }),
  ])
  expect(() => trainer.step(batchOf(4, 1), RATE)).toThrow(failures[0])
  await expect(trainer.drain()).rejects.toBe(failures[0])
  await expect(trainer.evaluate(batchOf(4, 1))).rejects.toBe(failures[0])
  await expect(trainer.read()).rejects.toBe(failures[0])
  await expect(engine.compile(GRAPH, options(4))).rejects.toBe(failures[0])
  trainer.dispose()
  engine.dispose()
})

test('memory that the device does not have is refused when compiling, and the device goes on', async () => {
  const { engine, failures } = await openShared()
  await expect(engine.compile(GRAPH, options(8200))).rejects.toMatchObject({ code: 'config-invalid' })
  const trainer = await engine.compile(GRAPH, options(4))
  trainer.step(batchOf(4, 1), RATE)
  expect(await trainer.drain()).toHaveLength(1)
  trainer.dispose()
  expect(failures).toEqual([])
})
