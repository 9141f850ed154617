import { expect, test } from 'vitest'
import { useTestDevice } from '../../../../testing/node/test-device.ts'
import type { OptimiserConfig } from '../../../../optimisers/index.ts'
import { stepFactors, slotNames } from '../../../../optimisers/index.ts'
import {
  decayingOf,
  OPTIMISED_PARAMETERS,
  OPTIMISER_EXAMPLES,
  OPTIMISER_RUNS,
} from '../../../../testing/suites/optimiser-runs.ts'
import { layOut, pack } from '../../memory/flat-tensors.ts'
import { encodeStep, type Kernel } from '../../kernel.ts'
import { optimise as reference, type OptimisedValue } from '../../../reference/optimise.ts'
import { decayTable } from '../../memory/weight-decay.ts'
import { DECAY_STRETCH_BYTES, optimise } from './optimise.ts'
import { relativeError } from '../../../../testing/webgpu/relative-error.ts'
import { type Operand, runKernels } from '../../device/run-kernel.ts'
import { noise } from '../../../../testing/webgpu/test-noise.ts'

const device = useTestDevice()

type Steps = readonly { readonly gradients: Float32Array<ArrayBuffer>; readonly learningRate: number }[]

/** One submission of all steps: each has gradients and a `step` of its own. */
async function takeSteps(
  optimiser: OptimiserConfig,
  steps: Steps,
  operands: Readonly<Record<string, Operand>> & { readonly parameters: Float32Array<ArrayBuffer> },
): Promise<Record<string, Float32Array>> {
  const kernel = optimise(operands.parameters.byteLength, optimiser)
  const own = steps.flatMap(({ gradients, learningRate }, i): [string, Operand][] => {
    const factors = stepFactors(optimiser, i + 1)
    const step = new Uint8Array(encodeStep({ learningRate, stepFactors: factors }))
    return [
      [`gradients${i}`, gradients],
      [`step${i}`, step],
    ]
  })
  const kernels = steps.map((_, i) => withOwn(kernel, i))
  return runKernels(device(), kernels, { ...operands, ...Object.fromEntries(own) })
}

function withOwn(kernel: Kernel, step: number): Kernel {
  const bindings = kernel.bindings.map((binding) => {
    const isOwn = binding.name === 'gradients' || binding.name === 'step'
    return isOwn ? { ...binding, name: `${binding.name}${step}` } : binding
  })
  return { ...kernel, bindings }
}

test.each(OPTIMISER_RUNS)('%s takes PyTorch’s 20 steps', async (_, { optimiser, steps, ...expected }) => {
  const layout = layOut(OPTIMISED_PARAMETERS)
  const packed = steps.map((step) => ({ ...step, gradients: pack(layout, step.gradients) }))
  const slots = slotNames(optimiser)
  const results = await takeSteps(optimiser, packed, {
    parameters: pack(layout, expected.initial),
    decay: decayTable(layout, decayingOf(optimiser), optimiser),
    ...Object.fromEntries(slots.map((name) => [name, new Float32Array(layout.bytes / 4)])),
  })
  const inFloat64 = (tensors: Readonly<Record<string, Float32Array>>) =>
    Float64Array.from(pack(layout, tensors))
  expect(relativeError(results['parameters'], inFloat64(expected.parameters))).toBeLessThan(1e-6)
  for (const name of slots) {
    expect(relativeError(results[name], inFloat64(expected.slots[name] ?? {}))).toBeLessThan(1e-6)
  }
})

const STRETCHES = 37
const PER_STRETCH = DECAY_STRETCH_BYTES / 4
const LENGTH = STRETCHES * PER_STRETCH

test.each(OPTIMISER_EXAMPLES)(
  'two steps of many parameters, with decay in some stretches: %o',
  async (optimiser) => {
    const parameters = noise(LENGTH, 1)
    const gradients = noise(LENGTH, 2)
    const slots = slotNames(optimiser)
    const before = slots.map((_, i) => noise(LENGTH, 3 + i).map(Math.abs))
    const decay = Float32Array.from({ length: STRETCHES }, (_, i) => (i % 3 === 0 ? 0.25 : 0))
    const step = { gradients: Float32Array.from(gradients), learningRate: 0.5 }
    const results = await takeSteps(optimiser, [step, step], {
      parameters: Float32Array.from(parameters),
      decay,
      ...Object.fromEntries(slots.map((name, i) => [name, Float32Array.from(before[i] ?? [])])),
    })
    const after = Array.from(parameters, (parameter, i) => {
      const one = {
        gradient: gradients[i] ?? 0,
        decay: decay[Math.floor(i / PER_STRETCH)] ?? 0,
        learningRate: 0.5,
      }
      const start: OptimisedValue = { parameter, slots: before.map((values) => values[i] ?? 0) }
      return reference(reference(start, { ...one, step: 1 }, optimiser), { ...one, step: 2 }, optimiser)
    })
    const expected = Float64Array.from(after, (value) => value.parameter)
    expect(relativeError(results['parameters'], expected)).toBeLessThan(1e-6)
    for (const [i, name] of slots.entries()) {
      const values = Float64Array.from(after, (value) => value.slots[i] ?? Number.NaN)
      expect(relativeError(results[name], values)).toBeLessThan(1e-6)
    }
  },
)
