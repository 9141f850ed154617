import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNodeGpu } from '../../../cli/node-gpu.ts'
import { sgd as reference, type SgdValue } from '../reference/sgd.ts'
import { relativeError } from './relative-error.ts'
import { runKernels } from './run-kernel.ts'
import { DECAY_STRETCH_BYTES, sgd } from './sgd.ts'
import { noise } from './test-noise.ts'

let device: GPUDevice
beforeAll(async () => {
  const { gpu } = await createNodeGpu()
  const adapter = await gpu.requestAdapter()
  if (!adapter) throw new Error('this driver gives no adapter')
  device = await adapter.requestDevice()
})
afterAll(() => device.destroy())

const STRETCHES = 37
const PER_STRETCH = DECAY_STRETCH_BYTES / 4
const LENGTH = STRETCHES * PER_STRETCH

test.each([
  { name: 'plain SGD', momentum: 0, nesterov: false },
  { name: 'momentum', momentum: 0.9, nesterov: false },
  { name: 'Nesterov momentum', momentum: 0.9, nesterov: true },
])('two steps of $name, with decay in some stretches', async ({ momentum, nesterov }) => {
  const optimiser = {
    kind: 'sgd',
    learningRate: 1,
    weightDecay: 0,
    decays: 'all',
    momentum,
    nesterov,
  } as const
  const parameters = noise(LENGTH, 1)
  const gradients = noise(LENGTH, 2)
  const slots = noise(LENGTH, 3)
  const decay = Float32Array.from({ length: STRETCHES }, (_, i) => (i % 3 === 0 ? 0.25 : 0))
  const kernel = sgd(LENGTH * 4, optimiser)
  const results = await runKernels(
    device,
    [kernel, kernel],
    {
      parameters: Float32Array.from(parameters),
      gradients: Float32Array.from(gradients),
      momentum: Float32Array.from(slots),
      decay,
    },
    { images: 0, cropPadding: 0, metricsSlot: 0, learningRate: 0.5 },
  )
  const after = Array.from(parameters, (parameter, i) => {
    const rate = decay[Math.floor(i / PER_STRETCH)] ?? 0
    const step = (value: SgdValue) => reference(value, gradients[i] ?? 0, rate, 0.5, optimiser)
    return step(step({ parameter, momentum: slots[i] ?? 0 }))
  })
  const expected = Float64Array.from(after, (value) => value.parameter)
  expect(relativeError(results['parameters'], expected)).toBeLessThan(1e-6)
  // Without momentum there is no slot, so nothing touches what stands for one here.
  const slotsAfter = momentum === 0 ? slots : Float64Array.from(after, (value) => value.momentum)
  expect(relativeError(results['momentum'], slotsAfter)).toBeLessThan(1e-6)
})
