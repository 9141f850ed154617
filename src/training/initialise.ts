import { createRandom } from '../base/random.ts'
import type { TrainerState } from '../engine/engine.ts'
import type { Graph, Parameter } from '../network/graph.ts'
import { elements } from '../network/network-facts.ts'

/**
 * A network's state before the first step. Each parameter is drawn from a stream of its own name, so two networks that
 * differ in some parameters (with and without shortcuts) begin with the same values in all others.
 */
export function initialState(graph: Graph, seed: number): TrainerState {
  return {
    parameters: Object.fromEntries(
      graph.parameters.map((parameter) => [parameter.name, draw(parameter, seed)]),
    ),
    statistics: Object.fromEntries(
      graph.statistics.map(({ name, shape, initial }) => [
        name,
        new Float32Array(elements(shape)).fill(initial),
      ]),
    ),
    slots: {},
    steps: 0,
  }
}

function draw({ name, shape, init }: Parameter, seed: number): Float32Array {
  const values = new Float32Array(elements(shape))
  const random = createRandom(seed, `initialise/${name}`)
  const normal = (mean: number, deviation: number) => values.map(() => mean + deviation * random.normal())
  const uniform = (bound: number) => values.map(() => bound * (2 * random.uniform() - 1))
  switch (init.kind) {
    case 'constant':
      return values.fill(init.value)
    case 'kaiming-normal':
      return normal(0, Math.sqrt(2 / init.fan))
    case 'kaiming-uniform':
      return uniform(Math.sqrt(6 / init.fan))
    case 'normal':
      return normal(init.mean, init.deviation)
    case 'uniform':
      return uniform(init.bound)
    default:
      return init satisfies never
  }
}
