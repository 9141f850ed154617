import * as tf from '@tensorflow/tfjs'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { expect, test } from 'vitest'
import { createNodeGpu } from '../../cli/device/node-gpu.ts'
import { openTrackedGpu } from '../../testing/node/tracked-gpu.ts'
import type { AppError } from '../../base/app-error.ts'
import { buildGraph } from '../../network/build-graph.ts'
import { PRESETS } from '../../presets/presets.ts'
import { heNetwork } from '../../presets/he.ts'
import { initialState } from '../../training/initialise.ts'
import { createTfjsEngine } from './tfjs-engine.ts'

test('after a refused GPU command the caller is told once, and the trainer answers nothing more', async () => {
  const failures: AppError[] = []
  const { gpu } = await createNodeGpu()
  const engine = await createTfjsEngine({ gpu, onFailure: (error) => failures.push(error) })
  const config = PRESETS[0]?.config
  if (!config) throw new Error('there is no preset')
  const graph = buildGraph({ ...config, network: heNetwork({ n: 1, width: 4 }) })
  const normalisation = { kind: 'image-mean' } as const
  const options = {
    ...config,
    normalisation,
    whitening: null,
    dropoutSeed: config.seed,
    initial: initialState(graph, 1),
  }
  const trainer = await engine.compile(graph, options)

  const backend = tf.backend()
  if (!(backend instanceof WebGPUBackend)) throw new Error('the engine is not on WebGPU')
  // A buffer without a use is a validation error; nobody awaits it.
  backend.device.createBuffer({ size: 4, usage: 0 })
  backend.device.createBuffer({ size: 4, usage: 0 })
  await backend.device.queue.onSubmittedWorkDone()

  expect(failures).toEqual([
    expect.objectContaining({ code: 'device-lost', message: expect.stringContaining('refused a command') }),
  ])
  const batch = { size: 1, pixels: new Uint8Array(3072), labels: Uint8Array.of(0), augmentation: null }
  expect(() => trainer.step(batch, { learningRate: 0.1 })).toThrow(failures[0])
  await expect(trainer.drain()).rejects.toBe(failures[0])
  await expect(trainer.evaluate(batch)).rejects.toBe(failures[0])
  await expect(trainer.read()).rejects.toBe(failures[0])
  await expect(engine.compile(graph, options)).rejects.toBe(failures[0])
  trainer.dispose()
  engine.dispose()
})

test('disposing of an engine is no failure, and another can be opened after it', async () => {
  const failures: AppError[] = []
  const { gpu, devices } = await openTrackedGpu()
  for (let i = 0; i < 2; i++) {
    const engine = await createTfjsEngine({ gpu, onFailure: (error) => failures.push(error) })
    expect(engine.info).toMatchObject({ backend: 'webgpu', fallbackReasons: [] })
    expect(engine.info.adapter).not.toBe('')
    engine.dispose()
  }
  expect(devices).toHaveLength(2)
  // The engine has waited for the loss of its device for longer, so it hears of it first.
  await Promise.all(devices.map(({ lost }) => lost))
  expect(failures).toEqual([])
})

test('a software GPU is used, or passed over for JavaScript where the caller says so', async () => {
  const { gpu } = await createNodeGpu()
  const accepting = await createTfjsEngine({ gpu })
  const { software, adapter } = accepting.info
  accepting.dispose()
  const avoiding = await createTfjsEngine({ gpu, avoidSoftware: true })
  expect(avoiding.info.backend).toBe(software ? 'cpu' : 'webgpu')
  expect(avoiding.info.fallbackReasons[0]?.includes(adapter) ?? false).toBe(software)
  avoiding.dispose()
})
