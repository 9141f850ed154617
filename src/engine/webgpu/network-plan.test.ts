// What networks take of a device, computed without one.
import { describe, expect, test } from 'vitest'
import type { RunConfig } from '../../config/run-config.ts'
import { buildGraph } from '../../network/build-graph.ts'
import type { Graph } from '../../network/graph.ts'
import { networkFacts } from '../../network/network-facts.ts'
import { findPreset, PRESETS } from '../../presets/presets.ts'
import { withWidth } from '../../network/resize-network.ts'
import { slotNames } from '../optimiser.ts'
import type { Kernel } from './kernel.ts'
import { firstCandidates } from './kernel-choice.ts'
import { FLOAT_BYTES } from './memory/layout.ts'
import { type NetworkPlan, planNetwork, total } from './network-plan.ts'

/** What every WebGPU device has (WebGPU specification, section 3.6.2). */
const DEFAULTS = {
  maxBufferSize: 256 * 2 ** 20,
  maxStorageBufferBindingSize: 128 * 2 ** 20,
  maxUniformBufferBindingSize: 64 * 2 ** 10,
  maxStorageBuffersPerShaderStage: 8,
  maxUniformBuffersPerShaderStage: 12,
  maxComputeWorkgroupsPerDimension: 65_535,
}

const choiceOf = (software: boolean) =>
  firstCandidates({ software, weightSpace: 'uniform', subgroupQuads: false })
const CHOICE = choiceOf(true)
const NORMALISATION = { kind: 'image-mean' } as const

type Changes = { readonly width?: number; readonly identity?: boolean }

function configOf(id: string, { width = 16, identity = true }: Changes = {}): RunConfig {
  const preset = findPreset(id)
  if (!preset) throw new Error(`no preset ${id}`)
  return { ...preset.config, network: { ...withWidth(preset.config.network, width), identity } }
}

function withIdentity(config: RunConfig, identity: boolean): RunConfig {
  return { ...config, network: { ...config.network, identity } }
}

function planOf(graph: Graph, config: RunConfig, batchSize: number | null, choice = CHOICE): NetworkPlan {
  return planNetwork(
    graph,
    { ...config, normalisation: NORMALISATION, whitening: null, dropoutSeed: 0, batchSize, choice },
    DEFAULTS,
  )
}

/** Every preset as its author has it, and without identity. */
const NETWORKS = PRESETS.flatMap(({ id, config }) =>
  [true, false].map((identity) => ({ id, identity, config: withIdentity(config, identity) })),
)

describe.each(NETWORKS)('$id, identity $identity', ({ config }) => {
  const graph = buildGraph(config)
  const plans = [true, false].flatMap((software) =>
    [8, 128].map((batch) => ({ software, batch, plan: planOf(graph, config, batch, choiceOf(software)) })),
  )

  test.each(plans)(
    'takes at most 1.3 times the memory that it needs, at batch $batch, software adapter $software',
    ({ batch, plan }) => {
      const { parameters, activationBytes } = networkFacts(graph)
      // Parameters, gradients and the optimiser's slots, and what the backward pass needs of the forward pass.
      const tensors = 2 + slotNames(config.optimiser).length
      const needed = tensors * FLOAT_BYTES * parameters + batch * activationBytes
      const taken = total(Object.values(plan.bytes))
      expect(taken / needed).toBeGreaterThan(1)
      expect(taken / needed).toBeLessThanOrEqual(1.3)
    },
  )

  test.each(plans)(
    'takes at most 9 dispatches a convolution, and 20 more, at batch $batch, software adapter $software',
    ({ plan }) => {
      const convolutions = graph.nodes.filter(({ op }) => op === 'conv2d').length
      expect(plan.training?.lowered.dispatches.length).toBeLessThanOrEqual(9 * convolutions + 20)
    },
  )
})

describe('activations stored as float16', () => {
  const config = configOf('akamaster-20')
  const graph = buildGraph(config)
  const full = planOf(graph, config, 128)
  const half = planOf(graph, { ...config, activations: 'f16' }, 128)

  test('take half the memory, and everything else what it took', () => {
    expect(half.bytes.activations / full.bytes.activations).toBeCloseTo(0.5, 2)
    expect({ ...half.bytes, activations: 0 }).toEqual({ ...full.bytes, activations: 0 })
  })

  test('are the only float16: linear layers, the loss, sums and the optimiser are given float32', () => {
    const kernels = half.training?.lowered.dispatches.map(({ kernel }) => kernel) ?? []
    const isFloat32 = /^(imageMeans|dense|crossEntropy|sum of|sgd)/
    expect(kernels.filter(({ wgsl }) => !wgsl.includes('f16'))).toEqual(
      kernels.filter(({ label }) => isFloat32.test(label)),
    )
  })

  test('have the gradient of their loss multiplied by a power of 2, and what comes of it divided by that', () => {
    const constantOf = (plan: NetworkPlan, kernel: RegExp, name: string) =>
      plan.training?.lowered.dispatches.find(({ kernel: { label } }) => kernel.test(label))?.kernel.constants[
        name
      ]
    const scalesOf = (plan: NetworkPlan) => [
      constantOf(plan, /^crossEntropy/, 'scale'),
      constantOf(plan, /^sgd/, 'unscale'),
    ]
    expect(scalesOf(half)).toEqual([1024, 1 / 1024])
    expect(scalesOf(full)).toEqual([1, 1])
  })
})

test('an evaluation takes no memory besides that of training, with as many images as fit', () => {
  const config = configOf('akamaster-20')
  const graph = buildGraph(config)
  for (const [batch, images] of [
    [128, 100],
    [8, 25],
  ] as const) {
    const plan = planOf(graph, config, batch)
    expect(plan.evaluation.images).toBe(images)
    expect(plan.arenaBytes).toEqual(plan.training?.memory.arenaBytes)
  }
})

describe('the default limits of WebGPU suffice at batch 128', () => {
  const networks = PRESETS.flatMap(({ id }) =>
    [16, 64].flatMap((width) => [true, false].map((identity) => ({ id, width, identity }))),
  )

  function bindingBytes({ lowered }: { lowered: NetworkPlan['evaluation']['lowered'] }) {
    return lowered.dispatches.flatMap(({ kernel, operands }) =>
      kernel.bindings.map(({ name, access, part }) => ({
        access,
        bytes: part?.bytes ?? operands[name]?.bytes ?? 4 * kernel.dims.length,
      })),
    )
  }
  const uniforms = ({ bindings }: Kernel) => bindings.filter(({ access }) => access === 'uniform').length

  test.each(networks)('$id, width $width, identity $identity', ({ id, ...changes }) => {
    const config = configOf(id, changes)
    const { training, evaluation, arenaBytes, bufferBytes } = planOf(buildGraph(config), config, 128)
    if (!training) throw new Error('no training was planned')
    expect(Math.max(...arenaBytes, ...Object.values(bufferBytes))).toBeLessThanOrEqual(DEFAULTS.maxBufferSize)
    const bound = [...bindingBytes(training), ...bindingBytes(evaluation)]
    const most = (isUniform: boolean) =>
      Math.max(
        ...bound.filter(({ access }) => (access === 'uniform') === isUniform).map(({ bytes }) => bytes),
      )
    expect(most(false)).toBeLessThanOrEqual(DEFAULTS.maxStorageBufferBindingSize)
    expect(most(true)).toBeLessThanOrEqual(DEFAULTS.maxUniformBufferBindingSize)
    const kernels = [...training.lowered.dispatches, ...evaluation.lowered.dispatches].map(
      ({ kernel }) => kernel,
    )
    const mostOf = (count: (kernel: Kernel) => number) => Math.max(...kernels.map(count))
    const storages = (kernel: Kernel) => kernel.bindings.length - uniforms(kernel)
    expect(mostOf(storages)).toBeLessThanOrEqual(DEFAULTS.maxStorageBuffersPerShaderStage)
    expect(mostOf(uniforms)).toBeLessThanOrEqual(DEFAULTS.maxUniformBuffersPerShaderStage)
    expect(mostOf(({ workgroups }) => Math.max(...workgroups))).toBeLessThanOrEqual(
      DEFAULTS.maxComputeWorkgroupsPerDimension,
    )
  })

  test('and a batch beyond them is refused by the tensor that is too large', () => {
    const config = configOf('akamaster-20')
    expect(() => planOf(buildGraph(config), config, 4096)).toThrow(
      /takes 256 MiB, .* at most 128 MiB at once/,
    )
  })
})
