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

describe('with --cpu', () => {
  const { node, order } = parseBenchOptions(['--cpu'], 4)

  test('the engines on the CPU have 32 images and every core, in Node', () => {
    expect(node).toBe(true)
    expect(order).toMatchObject({
      engines: ['residual-lab-cpu', 'pytorch-cpu', 'jax-js-wasm', 'tfjs-cpu', 'tfjs-wasm'],
      networks: ['resnet-20', 'resnet-56', 'iavicenna-18'],
      batch: 32,
      threads: 4,
    })
  })

  test('16 threads are the most', () => {
    expect(parseBenchOptions(['--cpu'], 64).order.threads).toBe(16)
    expect(parseBenchOptions(['--cpu', '--threads', '2'], 64).order.threads).toBe(2)
  })

  test('--page has the same engines, PyTorch among them', () => {
    const inPage = parseBenchOptions(['--cpu', '--page'], 4)
    expect(inPage.node).toBe(false)
    expect(inPage.order.engines).toEqual(order.engines)
  })

  test('engines on a GPU may be named beside them, ours first', () => {
    const words = ['--cpu', '--page', '--engine', 'pytorch-cpu,tfjs-webgl,residual-lab,residual-lab-cpu']
    expect(parseBenchOptions(words).order.engines).toEqual([
      'residual-lab-cpu',
      'residual-lab',
      'tfjs-webgl',
      'pytorch-cpu',
    ])
  })
})

test('without --cpu nothing has threads', () => expect(parseBenchOptions([]).order.threads).toBeNull())

test.each([
  [['--batch', '0'], '--batch takes a whole number from 1 to 4,096, not "0"'],
  [['--batch', '2.5'], '--batch takes a whole number from 1 to 4,096, not "2.5"'],
  [['--rounds', 'many'], '--rounds takes a whole number from 1 to 100, not "many"'],
  [['--net', 'vgg'], 'not "vgg"'],
  [['--engine', 'residual-lab,'], 'not ""'],
  [['--node', '--engine', 'tfjs-webgl'], '--engine tfjs-webgl needs a page'],
  [['--profile', '--engine', 'jax-js'], '--profile knows the kernels of residual-lab only'],
  [['--cpu', '--threads', '0'], '--threads takes a whole number from 1 to 16, not "0"'],
  [['--cpu', '--threads', 'x'], '--threads takes a whole number from 1 to 16, not "x"'],
  [['--cpu', '--threads', '17'], '--threads takes a whole number from 1 to 16, not "17"'],
  [['--threads', '2'], '--threads goes with --cpu'],
  [['--page'], '--page goes with --cpu'],
  [['--cpu', '--node'], '--cpu runs in Node already'],
  [['--cpu', '--page', '--node'], '--cpu runs in Node already'],
  [['--cpu', '--profile'], '--profile times the kernels of WebGPU; leave --cpu out'],
  [
    ['--cpu', '--engine', 'tfjs-webgl'],
    '--engine tfjs-webgl needs a page, and --cpu without --page has none',
  ],
  [['--engine', 'residual-lab,pytorch-cpu'], '--engine pytorch-cpu goes with --cpu'],
  [['--fast'], "Unknown option '--fast'"],
  [['resnet-20'], "Unexpected argument 'resnet-20'"],
])('%j is refused in one line that names it', (words, message) => {
  expect(() => parseBenchOptions(words)).toThrow(message)
  expect(() => parseBenchOptions(words)).toThrow(/^[^\n]+$/)
})
