// Whole networks in memory that held NaN before: nothing is read that was not written, and what only fills up stays 0.
import { describe, expect, test } from 'vitest'
import { nodeCpuHost } from '../../cli/device/node-cpu-host.ts'
import type { Graph } from '../../network/graph.ts'
import { PRESETS } from '../../presets/presets.ts'
import { initialState } from '../../training/initialise.ts'
import { OPTIMISERS, stepFactors } from '../../optimisers/index.ts'
import type { CompileOptions } from '../engine.ts'
import { createInlineExecutor } from './threads/executor.ts'
import { FLOAT_BYTES, type FlatTensors, pack, unpack } from './memory/layout.ts'
import { createNetworkMemory } from './memory/network-memory.ts'
import { planNetwork } from './network-plan.ts'
import { compileModules } from '../../testing/cpu-engine/compile-modules.ts'
import {
  narrowed,
  randomBatch,
  TEST_NETWORKS,
  trainingOptions,
} from '../../testing/cpu-engine/test-networks.ts'
import { AREAS } from './lowering/work.ts'

const [[, module] = []] = await compileModules(nodeCpuHost)

/** Steps without an engine. @param poisoned whether memory that a step fills holds NaN before it */
async function train(graph: Graph, batches: readonly number[], options: CompileOptions, poisoned: boolean) {
  if (!module) throw new Error('there are modules')
  const plan = planNetwork(graph, options, 1)
  const { training, evaluation, areas, layout, own } = plan
  if (!training) throw new Error('no step was compiled')
  const network = createNetworkMemory(plan, graph, options)
  network.write(network.pack(options.initial))
  const floats = (area: 'parameters' | 'gradients' | 'statistics' | 'slots') =>
    new Float32Array(network.memory.buffer, areas[area], layout.bytes[area] / FLOAT_BYTES)
  // The arena lies between the areas and the threads' own memories.
  const arena = Math.max(...AREAS.map((name) => areas[name] + layout.bytes[name]))
  const poison = (from: number, to: number) =>
    new Uint8Array(network.memory.buffer, from, to - from).fill(0xff)
  const attached = await createInlineExecutor(
    module,
    async () => undefined,
    (reason) => {
      throw new Error(reason)
    },
  ).attach(network.memory, own, plan.times)
  const losses: number[] = []
  for (const [number, size] of batches.entries()) {
    if (poisoned) {
      poison(Math.ceil(arena / FLOAT_BYTES) * FLOAT_BYTES, own.address + own.bytes)
      // Gradients are not: those of biases before a batch norm are 0, which nobody writes.
      poison(areas.results, areas.results + layout.bytes.results)
    }
    const factors = stepFactors(options.optimiser, number + 1)
    network.upload(randomBatch(size, number), { learningRate: 0.01, number, stepFactors: factors })
    await attached.run({ stages: training.stages, first: 0, end: training.stageCount }, false)
    losses.push(network.metrics().loss)
  }
  if (poisoned) poison(Math.ceil(arena / FLOAT_BYTES) * FLOAT_BYTES, own.address + own.bytes)
  network.upload(randomBatch(3, 9), { learningRate: 0, number: 0, stepFactors: [] })
  await attached.run({ stages: evaluation.stages, first: 0, end: evaluation.stageCount }, false)
  const logits = network.vectors('logits', 3, graph.classes)
  return { losses, logits, state: network.read(), floats, layout }
}

/** Whether all that is no value is 0. */
const isTight = (flat: FlatTensors, values: Float32Array) =>
  pack(flat, unpack(flat, values)).every((value, i) => Object.is(value + 0, (values[i] ?? Number.NaN) + 0))

describe.each(TEST_NETWORKS)('$name', ({ graph }) => {
  test('reads nothing that nobody wrote, with full batches and smaller ones', async () => {
    const options = trainingOptions(5, initialState(graph, 3))
    const { floats: _, layout: __, ...clean } = await train(graph, [5, 2, 5], options, false)
    const { floats: ___, layout: ____, ...poisoned } = await train(graph, [5, 2, 5], options, true)
    expect(clean.losses.every(Number.isFinite)).toBe(true)
    expect(poisoned).toEqual(clean)
  })

  test.each(OPTIMISERS.map(({ defaults }) => defaults))(
    'keeps zeros in channels that only fill up: $kind',
    async (defaults) => {
      const optimiser = { ...defaults, weightDecay: 0.1 }
      const options = { ...trainingOptions(5, initialState(graph, 3)), optimiser }
      const { floats, layout, losses } = await train(graph, [5, 2, 5], options, true)
      expect(losses.every(Number.isFinite)).toBe(true)
      expect(isTight(layout.parameters, floats('parameters'))).toBe(true)
      expect(isTight(layout.parameters, floats('gradients'))).toBe(true)
      expect(isTight(layout.statistics, floats('statistics'))).toBe(true)
      for (const [i] of layout.slots.entries()) {
        const slot = floats('slots').subarray(
          (i * layout.parameters.bytes) / FLOAT_BYTES,
          ((i + 1) * layout.parameters.bytes) / FLOAT_BYTES,
        )
        expect(isTight(layout.parameters, slot)).toBe(true)
      }
    },
  )
})

test.each(PRESETS.map(({ id }) => id))(
  '%s, narrow and shallow, reads nothing that nobody wrote',
  async (id) => {
    const graph = narrowed(id, 3, 2)
    const { losses, logits } = await train(graph, [2], trainingOptions(3, initialState(graph, 3)), true)
    expect(losses.every(Number.isFinite)).toBe(true)
    expect(logits.every(Number.isFinite)).toBe(true)
  },
)
