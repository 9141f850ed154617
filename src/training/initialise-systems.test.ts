// Each system's network begins as its author's code begins: against theory, over all weights of a network together.
import { describe, expect, test } from 'vitest'
import { buildGraph } from '../network/build-graph.ts'
import type { Graph, Parameter } from '../network/graph.ts'
import { findPreset } from '../presets/presets.ts'
import { initialState } from './initialise.ts'

function graphOf(id: string): Graph {
  const preset = findPreset(id)
  if (!preset) throw new Error(`no preset ${id}`)
  return buildGraph(preset.config)
}

const product = (sizes: readonly number[]) => sizes.reduce((total, size) => total * size, 1)
/** As PyTorch counts them: of a convolution [out, in, k, k], of a linear layer [out, in]. */
const FANS = {
  in: ([, ...rest]: readonly number[]) => product(rest),
  out: ([out = 0, , ...kernel]: readonly number[]) => out * product(kernel),
}

/** Only these parameters of a graph. */
const only = (graph: Graph, is: (parameter: Parameter) => boolean): Graph => ({
  ...graph,
  parameters: graph.parameters.filter(is),
})
const isWeight = ({ role }: Parameter) => role === 'weight'

const DRAWS = 100_000

/** Initial values of all parameters over as many seeds as it takes, each in units of its own deviation or bound. */
function standardised(graph: Graph, unitOf: (shape: readonly number[]) => number): number[] {
  const values: number[] = []
  for (let seed = 0; values.length < DRAWS; seed++) {
    const { parameters } = initialState(graph, seed)
    for (const { name, shape } of graph.parameters) {
      for (const value of parameters[name] ?? []) values.push(value / unitOf(shape))
    }
  }
  return values
}

/** How far mean and variance are from theory, in standard errors of such a sample; and the largest magnitude. */
function against(theory: { mean?: number; variance: number; kurtosis: number }, values: readonly number[]) {
  const { mean: wanted = 0, variance, kurtosis } = theory
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const found = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n
  return {
    mean: Math.abs(mean - wanted) / Math.sqrt(variance / n),
    variance: Math.abs(found / variance - 1) / Math.sqrt((kurtosis - 1) / n),
    most: values.reduce((highest, value) => Math.max(highest, Math.abs(value)), 0),
  }
}

const NORMAL = { variance: 1, kurtosis: 3 }
/** On ±1. */
const UNIFORM = { variance: 1 / 3, kurtosis: 1.8 }

describe('weights are Kaiming normal', () => {
  test.each([
    ['akamaster-20', 'in'],
    ['drgripa1-20', 'in'],
    ['iavicenna-14', 'out'],
  ] as const)('in %s by the fan %s', (id, fan) => {
    const graph = only(graphOf(id), isWeight)
    const found = against(
      NORMAL,
      standardised(graph, (shape) => Math.sqrt(2 / FANS[fan](shape))),
    )
    expect(found.mean).toBeLessThan(4)
    expect(found.variance).toBeLessThan(4)
    // Beyond 7 deviations lies one of 4e11 draws.
    expect(found.most).toBeGreaterThan(4)
    expect(found.most).toBeLessThan(7)
  })

  test('in the convolutions of zhenye-na by the fan out', () => {
    const convolutions = only(
      graphOf('zhenye-na'),
      ({ role, shape }) => role === 'weight' && shape.length === 4,
    )
    const found = against(
      NORMAL,
      standardised(convolutions, (shape) => Math.sqrt(2 / FANS.out(shape))),
    )
    expect(found.mean).toBeLessThan(4)
    expect(found.variance).toBeLessThan(4)
  })
})

describe('weights are uniform up to a bound and not beyond', () => {
  const kaiming = (shape: readonly number[]) => Math.sqrt(6 / FANS.in(shape))
  const ofPyTorch = (shape: readonly number[]) => 1 / Math.sqrt(FANS.in(shape))
  const isLinear = ({ role, shape }: Parameter) => role === 'weight' && shape.length === 2

  test.each([
    ['all of mbsariyildiz, by Kaiming', 'mbsariyildiz-10', isWeight, kaiming],
    ['the linear layer of mbsariyildiz, by Kaiming', 'mbsariyildiz-10', isLinear, kaiming],
    ['the linear layer of zhenye-na, by PyTorch’s default', 'zhenye-na', isLinear, ofPyTorch],
  ])('%s', (_, id, is, bound) => {
    const found = against(UNIFORM, standardised(only(graphOf(id), is), bound))
    expect(found.mean).toBeLessThan(4)
    expect(found.variance).toBeLessThan(4)
    expect(found.most).toBeLessThanOrEqual(1 + 1e-6)
    expect(found.most).toBeGreaterThan(0.999)
  })
})

describe('batch norm', () => {
  const isScale = ({ role }: Parameter) => role === 'scale'

  test('of drgripa1 begins with γ ~ N(1, 0.02)', () => {
    const scales = standardised(only(graphOf('drgripa1-20'), isScale), () => 1)
    const found = against({ mean: 1, variance: 0.02 ** 2, kurtosis: 3 }, scales)
    expect(found.mean).toBeLessThan(4)
    expect(found.variance).toBeLessThan(4)
  })

  test.each([
    ['akamaster-20', 1],
    ['iavicenna-14', 1],
    ['mbsariyildiz-10', 0],
    ['zhenye-na', 1],
    ['drgripa1-20', 1],
  ])('of %s begins with the running variance %i, and the mean 0', (id, variance) => {
    const { statistics } = initialState(graphOf(id), 1)
    const valuesOf = (suffix: string) =>
      new Set(
        Object.entries(statistics).flatMap(([name, values]) =>
          name.endsWith(suffix) ? Array.from(values) : [],
        ),
      )
    expect(valuesOf('running_var')).toEqual(new Set([variance]))
    expect(valuesOf('running_mean')).toEqual(new Set([0]))
  })

  test.each(['akamaster-20', 'iavicenna-14', 'mbsariyildiz-10', 'zhenye-na'])(
    'of %s begins with γ 1',
    (id) => {
      const { parameters } = initialState(only(graphOf(id), isScale), 1)
      for (const values of Object.values(parameters)) expect(new Set(values)).toEqual(new Set([1]))
    },
  )
})

test.each(['he-20', 'iavicenna-14', 'mbsariyildiz-50', 'zhenye-na', 'drgripa1-20'])(
  'every bias and every β of %s begins as 0',
  (id) => {
    const zeros = only(graphOf(id), ({ role }) => role === 'bias' || role === 'shift')
    expect(zeros.parameters.length).toBeGreaterThan(0)
    const { parameters } = initialState(zeros, 1)
    for (const values of Object.values(parameters)) expect(new Set(values)).toEqual(new Set([0]))
  },
)
