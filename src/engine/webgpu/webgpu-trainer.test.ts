// What a trainer asks of its device, counted on one that computes nothing.
import { describe, expect, test } from 'vitest'
import { eventually } from '../../../scripts/testing/eventually.ts'
import { IMAGE_BYTES } from '../../base/data-set.ts'
import type { Graph } from '../../network/graph.ts'
import { buildResidualNetwork } from '../../network/residual-network.ts'
import { type HeNetwork, heNetwork } from '../../presets/he.ts'
import { initialState } from '../../training/initialise.ts'
import type { Batch, CompileOptions } from '../engine.ts'
import { BLOCK_NETWORKS } from '../../testing/suites/parity-networks.ts'
import { firstCandidates } from './kernel-choice.ts'
import { createPipelineCache } from './device/pipeline-cache.ts'
import { createRecordingDevice, type Recorder } from '../../testing/webgpu/recording-device.ts'
import { createWebGpuTrainer } from './webgpu-trainer.ts'

const network = (changes: Partial<HeNetwork> = {}) =>
  buildResidualNetwork(heNetwork({ n: 1, width: 4, ...changes }), 10)

const batchOf = (size: number): Batch => ({
  size,
  pixels: new Uint8Array(size * IMAGE_BYTES),
  labels: new Uint8Array(size),
  augmentation: null,
})

async function compile(
  recorder: Recorder,
  graph: Graph,
  batchSize: number | null = 8,
  initial = initialState(graph, 1),
  onProgress?: CompileOptions['onProgress'],
) {
  const errors: unknown[] = []
  const options: CompileOptions = {
    batchSize,
    optimiser: {
      kind: 'sgd',
      learningRate: 0.1,
      momentum: 0.9,
      nesterov: false,
      weightDecay: 1e-4,
      decays: 'all',
    },
    labelSmoothing: 0,
    activations: 'f32',
    normalisation: { kind: 'channels', mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
    dropoutSeed: 1,
    initial,
    ...(onProgress && { onProgress }),
  }
  const host = {
    device: recorder.device,
    pipelines: createPipelineCache(recorder.device),
    kernels: {
      choose: async () => firstCandidates({ software: true, weightSpace: 'uniform', subgroupQuads: false }),
    },
    assertWorking() {},
    answer: <T>(work: Promise<T>) => work,
    fail: (error: unknown) => void errors.push(error),
  } as const
  return { trainer: await createWebGpuTrainer(host, graph, options), host, options, errors }
}

describe('a training step', () => {
  test('is one upload, one pass and one submission, and makes no object', async () => {
    const recorder = createRecordingDevice()
    const { trainer } = await compile(recorder, network())
    const before = structuredClone({ created: recorder.created, counts: recorder.counts })
    for (let i = 0; i < 70; i++) trainer.step(batchOf(8), { learningRate: 0.1 })
    expect(recorder.created).toEqual(before.created)
    expect(recorder.counts.submits - before.counts.submits).toBe(70)
    expect(recorder.counts.passes - before.counts.passes).toBe(70)
    expect(recorder.counts.uploads - before.counts.uploads).toBe(70)
    expect(recorder.counts.mapped).toBe(before.counts.mapped)
  })

  test.each([
    { title: 'n = 1', graph: network({ n: 1 }) },
    { title: 'n = 3', graph: network({ n: 3, width: 16 }) },
    { title: 'projections', graph: network({ shortcut: { kind: 'conv1x1-bn' } }) },
    { title: 'no identity', graph: network({ identity: false }) },
    ...BLOCK_NETWORKS,
  ])('takes at most 9 dispatches a convolution and 20 more: $title', async ({ graph }) => {
    const recorder = createRecordingDevice()
    const { trainer } = await compile(recorder, graph)
    const before = recorder.counts.dispatches
    trainer.step(batchOf(8), { learningRate: 0.1 })
    const convolutions = graph.nodes.filter(({ op }) => op === 'conv2d').length
    expect(recorder.counts.dispatches - before).toBeLessThanOrEqual(9 * convolutions + 20)
  })

  test('takes a smaller batch, and refuses a larger one', async () => {
    const recorder = createRecordingDevice()
    const { trainer } = await compile(recorder, network())
    const before = recorder.counts.submits
    trainer.step(batchOf(3), { learningRate: 0.1 })
    expect(recorder.counts.submits).toBe(before + 1)
    expect(() => trainer.step(batchOf(9), { learningRate: 0.1 })).toThrow(/no step of 9 images/)
  })
})

test('the metrics of 16 steps are one read-back', async () => {
  const recorder = createRecordingDevice()
  const { trainer } = await compile(recorder, network())
  for (let i = 0; i < 16; i++) trainer.step(batchOf(8), { learningRate: 0.1 })
  const before = recorder.counts.mapped
  expect(await trainer.drain()).toHaveLength(16)
  expect(recorder.counts.mapped).toBe(before + 1)
  expect(await trainer.drain()).toEqual([])
  expect(recorder.counts.mapped).toBe(before + 1)
})

test('the score of any number of images is one read-back', async () => {
  const recorder = createRecordingDevice()
  const { trainer } = await compile(recorder, network())
  const before = recorder.counts.mapped
  const { confusion, predicted } = await trainer.score(
    (async function* () {
      yield batchOf(130)
      yield batchOf(200)
    })(),
  )
  expect(confusion).toHaveLength(100)
  expect(predicted).toHaveLength(330)
  expect(recorder.counts.mapped).toBe(before + 1)
})

test('a score of more images than any set has is refused', async () => {
  const { trainer } = await compile(createRecordingDevice(), network())
  const tooMany = (async function* () {
    for (let images = 0; images <= 50_000; images += 1000) yield batchOf(1000)
  })()
  await expect(trainer.score(tooMany)).rejects.toThrow('a score is of 50000 images at most')
})

test('a second network of the same shapes compiles no new pipeline', async () => {
  const recorder = createRecordingDevice()
  const graph = network()
  const { host, options } = await compile(recorder, graph)
  const { pipelines, modules } = recorder.created
  await createWebGpuTrainer(host, graph, options)
  expect(recorder.created).toMatchObject({ pipelines, modules })
})

test('disposing destroys every buffer, evaluation’s too', async () => {
  const recorder = createRecordingDevice()
  const { trainer } = await compile(recorder, network())
  trainer.step(batchOf(8), { learningRate: 0.1 })
  await trainer.evaluate(batchOf(130))
  await trainer.features(batchOf(1))
  await trainer.read()
  expect(recorder.livingBuffers()).toBeGreaterThan(0)
  trainer.dispose()
  await Promise.resolve()
  expect(recorder.livingBuffers()).toBe(0)
})

test.each([
  { refused: 'the memory', scopes: 0 },
  { refused: 'the plan', scopes: 2 },
  { refused: 'the plan of an evaluation', scopes: 4 },
  { refused: 'the first run', scopes: 6 },
])('a compilation of which the device refuses $refused leaves no buffer', async ({ scopes }) => {
  const recorder = createRecordingDevice()
  recorder.failScope(scopes)
  await expect(compile(recorder, network())).rejects.toThrow(/refused a command/)
  expect(recorder.livingBuffers()).toBe(0)
})

test('the state of another network is refused, and leaves no buffer', async () => {
  const recorder = createRecordingDevice()
  const initial = initialState(network({ width: 8 }), 1)
  await expect(compile(recorder, network(), 8, initial)).rejects.toThrow(/conv1.weight takes 108 values/)
  expect(recorder.livingBuffers()).toBe(0)
})

test('a command refused in a checked step is reported', async () => {
  const recorder = createRecordingDevice()
  const { trainer, errors } = await compile(recorder, network())
  recorder.failScope()
  trainer.step(batchOf(8), { learningRate: 0.1 })
  await eventually(() => expect(errors).toHaveLength(1))
})

test('a trainer that only evaluates takes no memory for training', async () => {
  const graph = network({ n: 3, width: 16 })
  const bytesFor = async (batchSize: number | null) => {
    const recorder = createRecordingDevice()
    await compile(recorder, graph, batchSize)
    return recorder.livingBytes()
  }
  expect(await bytesFor(null)).toBeLessThan(0.2 * (await bytesFor(128)))
})

describe('progress', () => {
  test('names the memory before any is taken, and takes no more than that and the kernels’ constants', async () => {
    const recorder = createRecordingDevice()
    let told = 0
    let takenBefore = -1
    const { trainer } = await compile(recorder, network({ n: 3, width: 16 }), 8, undefined, (progress) => {
      if (progress.kind !== 'memory') return
      told = Object.values(progress.bytes).reduce((sum, bytes) => sum + bytes, 0)
      takenBefore = recorder.livingBytes()
    })
    expect(takenBefore).toBe(0)
    trainer.step(batchOf(8), { learningRate: 0.1 })
    await trainer.evaluate(batchOf(130))
    const constants = recorder.livingBytes() - told
    expect(constants).toBeGreaterThan(0)
    expect(constants).toBeLessThan(64 * 1024)
  })

  test.each(['compile', 'first-run'] as const)('counts every kernel of the stage %s', async (stage) => {
    const recorder = createRecordingDevice()
    const told: { ready: number; total: number }[] = []
    await compile(recorder, network(), 8, undefined, (progress) => {
      if (progress.kind === 'kernels' && progress.stage === stage) told.push(progress)
    })
    const total = told[0]?.total ?? 0
    expect(total).toBeGreaterThan(0)
    expect(told.map(({ ready }) => ready)).toEqual(Array.from({ length: total }, (_, i) => i + 1))
    expect(total).toBeGreaterThanOrEqual(recorder.created.pipelines)
  })
})

test('memory that the device does not have is refused with what was needed and what to change', async () => {
  const recorder = createRecordingDevice()
  recorder.failScope(1)
  const compiling = compile(recorder, network({ n: 3, width: 16 }), 128)
  await expect(compiling).rejects.toMatchObject({
    code: 'out-of-memory',
    message: expect.stringMatching(
      /^The network needs 202 MiB of graphics memory at batch 128, .* smaller batch/,
    ),
  })
  expect(recorder.livingBuffers()).toBe(0)
})
