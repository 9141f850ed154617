// Initial values against PyTorch's, as values of many draws (fixtures/initialisation.json, made by scripts/parity).
import { describe, expect, test } from 'vitest'
import { buildGraph } from '../network/build-graph.ts'
import type { Graph, Initialiser } from '../network/graph.ts'
import { elements } from '../network/network-facts.ts'
import { heNetwork } from '../presets/he.ts'
import fixture from '../testing/fixtures/initialisation.json' with { type: 'json' }
import { initialState } from './initialise.ts'

const RESNET_20: Graph = buildGraph({
  network: heNetwork({ n: 3, shortcut: { kind: 'conv1x1-bn' } }),
  data: { set: 'cifar10' },
})

/** All values of the parameters with a shape, over enough seeds for at least `count` draws. */
function draws(shape: readonly number[], count: number): Float32Array {
  const parameters = RESNET_20.parameters.filter((parameter) => parameter.shape.join() === shape.join())
  const seeds = Math.ceil(count / (parameters.length * elements(shape)))
  // Each parameter has a stream of its own: those of other shapes need not be drawn.
  const states = Array.from({ length: seeds }, (_, seed) => initialState({ ...RESNET_20, parameters }, seed))
  return Float32Array.from(
    states.flatMap((state) => Object.values(state.parameters)).flatMap((part) => Array.from(part)),
  )
}

describe('Kaiming normal draws have PyTorch’s distribution', () => {
  test.each(fixture.kaimingNormal)('for shape $shape', ({ shape, ...wanted }) => {
    const values = draws(shape, 60_000)
    const n = values.length
    const mean = values.reduce((sum, value) => sum + value, 0) / n
    const moment = (power: number) => values.reduce((sum, value) => sum + (value - mean) ** power, 0) / n
    const deviation = Math.sqrt(moment(2))
    const within = (deviations: number) =>
      values.reduce((count, value) => count + (Math.abs(value) < deviations * deviation ? 1 : 0), 0) / n

    // Four standard errors of our sample; PyTorch's is larger.
    expect(Math.abs(mean - wanted.mean)).toBeLessThan((4 * deviation) / Math.sqrt(n))
    expect(Math.abs(deviation / wanted.deviation - 1)).toBeLessThan(4 / Math.sqrt(2 * n) + 0.003)
    expect(Math.abs(moment(4) / deviation ** 4 - wanted.kurtosis)).toBeLessThan(4 * Math.sqrt(24 / n) + 0.02)
    expect(Math.abs(within(1) - wanted.withinOne)).toBeLessThan(4 * Math.sqrt(0.217 / n) + 0.002)
    expect(Math.abs(within(2) - wanted.withinTwo)).toBeLessThan(4 * Math.sqrt(0.0434 / n) + 0.002)
  })
})

test('batch norm begins with PyTorch’s constants, and biases with 0', () => {
  const { parameters, statistics } = initialState(RESNET_20, 1)
  const valuesOf = (part: Readonly<Record<string, Float32Array>>, name: string) => new Set(part[name])
  const { weight, bias, runningMean, runningVariance, epsilon, momentum } = fixture.batchNorm
  expect(valuesOf(parameters, 'bn1.weight')).toEqual(new Set([weight]))
  expect(valuesOf(parameters, 'layer2.0.shortcut.1.bias')).toEqual(new Set([bias]))
  expect(valuesOf(statistics, 'bn1.running_mean')).toEqual(new Set([runningMean]))
  expect(valuesOf(statistics, 'bn1.running_var')).toEqual(new Set([runningVariance]))
  expect(valuesOf(parameters, 'linear.bias')).toEqual(new Set([0]))
  const norm = RESNET_20.nodes.find((node) => node.op === 'batchNorm')
  expect(norm).toMatchObject({ attrs: { epsilon, momentum } })
})

describe('a weight of 100,000 values', () => {
  const N = 100_000
  const drawn = (init: Initialiser) => {
    const parameter = { name: 'weight', role: 'weight', shape: [N], init } as const
    const graph: Graph = { ...RESNET_20, parameters: [parameter] }
    const values = initialState(graph, 3).parameters['weight'] ?? new Float32Array()
    const mean = values.reduce((sum, value) => sum + value, 0) / N
    const moment = (power: number) => values.reduce((sum, value) => sum + (value - mean) ** power, 0) / N
    const magnitudes = values.map(Math.abs)
    const most = magnitudes.reduce((a, b) => Math.max(a, b), 0)
    return { mean, deviation: Math.sqrt(moment(2)), kurtosis: moment(4) / moment(2) ** 2, most }
  }
  /** Four standard errors of a sample's deviation, relative, by the distribution's kurtosis. */
  const spread = (kurtosis: number) => 4 * Math.sqrt((kurtosis - 1) / (4 * N))

  test('is normal with the mean and deviation asked for', () => {
    const { mean, deviation, kurtosis } = drawn({ kind: 'normal', mean: 1, deviation: 0.02 })
    expect(Math.abs(mean - 1)).toBeLessThan((4 * 0.02) / Math.sqrt(N))
    expect(Math.abs(deviation / 0.02 - 1)).toBeLessThan(spread(3))
    expect(Math.abs(kurtosis - 3)).toBeLessThan(4 * Math.sqrt(24 / N))
  })

  test.each([
    {
      init: { kind: 'kaiming-uniform', fan: 27 } as const,
      bound: Math.sqrt(6 / 27),
      deviation: Math.sqrt(2 / 27),
    },
    { init: { kind: 'uniform', bound: 0.125 } as const, bound: 0.125, deviation: 0.125 / Math.sqrt(3) },
  ])('is uniform up to the bound of $init.kind and not beyond', ({ init, bound, deviation }) => {
    const found = drawn(init)
    expect(found.most).toBeLessThanOrEqual(bound)
    expect(found.most).toBeGreaterThan(0.999 * bound)
    expect(Math.abs(found.mean)).toBeLessThan((4 * deviation) / Math.sqrt(N))
    expect(Math.abs(found.deviation / deviation - 1)).toBeLessThan(spread(1.8))
    expect(Math.abs(found.kurtosis - 1.8)).toBeLessThan(0.03)
  })
})

test('a seed gives the same values again, another seed others', () => {
  const first = (seed: number) => initialState(RESNET_20, seed).parameters['conv1.weight']
  expect(first(7)).toEqual(first(7))
  expect(first(7)).not.toEqual(first(8))
})
