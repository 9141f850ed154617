import { describe, expect, test } from 'vitest'
import { parseBenchOptions } from './options.ts'

describe('without options', () => {
  const { node, json, order } = parseBenchOptions([])

  test('three networks and four engines have five rounds in a page', () => {
    expect({ node, json }).toEqual({ node: false, json: false })
    expect(order).toMatchObject({
      measure: 'speed',
      networks: ['resnet-20', 'resnet-56', 'iavicenna-18'],
      engines: ['residual-lab', 'tfjs-webgpu', 'tfjs-webgl', 'jax-js'],
      slices: { rounds: 5 },
    })
  })

  test('the adapter decides the batch', () => expect(order.batch).toBeNull())
})

test('--quick is ResNet-20 with shorter turns', () => {
  const { order } = parseBenchOptions(['--quick'])
  expect(order.networks).toEqual(['resnet-20'])
  expect(order.slices.sliceMs).toBeLessThan(parseBenchOptions([]).order.slices.sliceMs)
})

test('--node leaves WebGL out', () => {
  expect(parseBenchOptions(['--node']).order.engines).toEqual(['residual-lab', 'tfjs-webgpu', 'jax-js'])
})

test('engines run in the benchmark’s order, each once', () => {
  const { order } = parseBenchOptions(['--engine', 'jax-js,residual-lab,jax-js', '--net', 'resnet-56'])
  expect(order.engines).toEqual(['residual-lab', 'jax-js'])
  expect(order.networks).toEqual(['resnet-56'])
})

test.each([
  [['--batch', '0'], '--batch takes a whole number from 1 to 4,096, not "0"'],
  [['--batch', '2.5'], '--batch takes a whole number from 1 to 4,096, not "2.5"'],
  [['--rounds', 'many'], '--rounds takes a whole number from 1 to 100, not "many"'],
  [['--net', 'vgg'], 'not "vgg"'],
  [['--engine', 'residual-lab,'], 'not ""'],
  [['--node', '--engine', 'tfjs-webgl'], '--engine tfjs-webgl needs a page'],
  [['--profile', '--engine', 'jax-js'], '--profile knows the kernels of residual-lab only'],
  [['--fast'], "Unknown option '--fast'"],
  [['resnet-20'], "Unexpected argument 'resnet-20'"],
])('%j is refused in one line that names it', (words, message) => {
  expect(() => parseBenchOptions(words)).toThrow(message)
  expect(() => parseBenchOptions(words)).toThrow(/^[^\n]+$/)
})
