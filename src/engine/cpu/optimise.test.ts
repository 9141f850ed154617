// Every optimiser against PyTorch's steps, and against its formula in float64.
import { expect, test } from 'vitest'
import { nodeCpuHost } from '../../cli/device/node-cpu-host.ts'
import type { OptimiserConfig } from '../../optimisers/index.ts'
import type { Graph } from '../../network/graph.ts'
import { createGraphBuilder } from '../../network/graph-builder.ts'
import { elements } from '../../network/network-facts.ts'
import { doesDecay } from '../../config/weight-decay-group.ts'
import { createProgramBuilder } from '../compiler/program.ts'
import type { TrainerState } from '../engine.ts'
import { stepFactors, slotNames } from '../../optimisers/index.ts'
import { optimise as reference, type OptimisedValue } from '../reference/optimise.ts'
import {
  OPTIMISED_PARAMETERS,
  OPTIMISER_EXAMPLES,
  OPTIMISER_RUNS,
} from '../../testing/suites/optimiser-runs.ts'
import { relativeError } from '../../testing/webgpu/relative-error.ts'
import { noise } from '../../testing/webgpu/test-noise.ts'
import { compileModules } from '../../testing/cpu-engine/compile-modules.ts'
import { runProgram } from '../../testing/cpu-engine/run-program.ts'

const MODULES = await compileModules(nodeCpuHost)

type Tensors = Readonly<Record<string, Float32Array>>
type Slots = TrainerState['slots']
type State = { readonly parameters: Tensors; readonly slots: Slots }

/** One step; no operation but the optimiser's. @param number 1 for the first */
async function take(
  module: WebAssembly.Module,
  graph: Graph,
  optimiser: OptimiserConfig,
  { parameters, slots }: State,
  gradients: Tensors,
  { learningRate, number }: { readonly learningRate: number; readonly number: number },
): Promise<State> {
  const builder = createProgramBuilder()
  builder.emit({ op: 'optimise', reads: {}, writes: {} })
  const stepInputs = { learningRate, number: number - 1, stepFactors: stepFactors(optimiser, number) }
  const program = builder.finish()
  const options = { optimiser }
  const run = { graph, program, batch: 1, parameters, slots, gradients, options, stepInputs }
  return (await runProgram(module, run)).state
}

/** The parameters that PyTorch's runs have, as layers. */
function optimisedNetwork(): Graph {
  const graphs = createGraphBuilder({ height: 4, width: 4, channels: 3 })
  const at = graphs.batchNorm(graphs.conv2d(graphs.input, 'conv', 4, 3, 1), 'bn')
  return graphs.finish(graphs.dense(graphs.padChannels(graphs.globalAvgPool(at), 0, 1), 'linear', 3))
}

test('the network here has the parameters of PyTorch’s runs', () => {
  const facts = ({ name, role, shape }: Graph['parameters'][number]) => ({ name, role, shape })
  expect(optimisedNetwork().parameters.map(facts)).toEqual(OPTIMISED_PARAMETERS.map(facts))
})

test.each(OPTIMISER_RUNS)('%s takes PyTorch’s 20 steps', async (_, { optimiser, steps, ...expected }) => {
  const graph = optimisedNetwork()
  for (const [, module] of MODULES) {
    let state: State = { parameters: expected.initial, slots: {} }
    for (const [i, { gradients, learningRate }] of steps.entries()) {
      state = await take(module, graph, optimiser, state, gradients, { learningRate, number: i + 1 })
    }
    expect(Object.keys(state.slots)).toEqual(slotNames(optimiser))
    for (const { name } of graph.parameters) {
      expect(relativeError(state.parameters[name], widened(expected.parameters[name]))).toBeLessThan(1e-6)
      for (const slot of slotNames(optimiser)) {
        const wanted = widened(expected.slots[slot]?.[name])
        expect(relativeError(state.slots[slot]?.[name], wanted)).toBeLessThan(1e-6)
      }
    }
  }
})

const widened = (values: Float32Array | undefined) => Float64Array.from(values ?? [])

/** More stretches of parameters than one chunk has, and the last chunk not full. */
function manyParameters(): Graph {
  const graphs = createGraphBuilder({ height: 4, width: 4, channels: 3 })
  let at = graphs.batchNorm(graphs.conv2d(graphs.input, 'first', 20, 3, 1), 'bn')
  at = graphs.conv2d(at, 'second', 36, 3, 1, { bias: true })
  return graphs.finish(graphs.dense(graphs.globalAvgPool(at), 'linear', 10))
}

test.each(OPTIMISER_EXAMPLES)(
  'two steps of many parameters, of which weights decay: %o',
  async (defaults) => {
    const optimiser = { ...defaults, weightDecay: 0.25, decays: 'weights-only' } as const
    const graph = manyParameters()
    const named = (salt: number, change = (value: number) => value) =>
      Object.fromEntries(
        graph.parameters.map(({ name, shape }, i) => [
          name,
          Float32Array.from(noise(elements(shape), 10 * salt + i), change),
        ]),
      )
    const [parameters, gradients] = [named(1), named(2)]
    const names = slotNames(optimiser)
    const slots = Object.fromEntries(names.map((name, i) => [name, named(3 + i, Math.abs)]))
    for (const [, module] of MODULES) {
      const first = await take(module, graph, optimiser, { parameters, slots }, gradients, {
        learningRate: 0.5,
        number: 1,
      })
      const second = await take(module, graph, optimiser, first, gradients, { learningRate: 0.5, number: 2 })
      for (const { name, role } of graph.parameters) {
        const decay = doesDecay(role, optimiser.decays) ? optimiser.weightDecay : 0
        const after = Array.from(parameters[name] ?? [], (parameter, i) => {
          const one = { gradient: gradients[name]?.[i] ?? Number.NaN, decay, learningRate: 0.5 }
          const before: OptimisedValue = {
            parameter,
            slots: names.map((slot) => slots[slot]?.[name]?.[i] ?? Number.NaN),
          }
          return reference(reference(before, { ...one, step: 1 }, optimiser), { ...one, step: 2 }, optimiser)
        })
        const values = Float64Array.from(after, ({ parameter }) => parameter)
        expect(relativeError(second.parameters[name], values)).toBeLessThan(1e-6)
        for (const [i, slot] of names.entries()) {
          const remembered = Float64Array.from(after, (value) => value.slots[i] ?? Number.NaN)
          expect(relativeError(second.slots[slot]?.[name], remembered)).toBeLessThan(1e-6)
        }
      }
    }
  },
)
