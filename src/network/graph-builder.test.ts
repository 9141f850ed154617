import { describe, expect, test } from 'vitest'
import { createGraphBuilder, type Fans } from './graph-builder.ts'
import { networkFacts, nodesKeptForBackward, parameterCount } from './network-facts.ts'

const IMAGE = { height: 8, width: 8, channels: 4 }
const names = ({ parameters }: { parameters: readonly { name: string }[] }) =>
  parameters.map(({ name }) => name)

describe('weights', () => {
  test('are drawn by the network’s convention, unless a layer has its own', () => {
    const seen: Fans[] = []
    const builder = createGraphBuilder(IMAGE, {
      weight(fan) {
        seen.push(fan)
        return { kind: 'kaiming-uniform', fan: fan.out }
      },
    })
    const features = builder.globalAvgPool(builder.conv2d(builder.input, 'conv', 6, 3, 1))
    const own = { kind: 'uniform', bound: 0.5 } as const
    const { parameters } = builder.finish(builder.dense(features, 'linear', 10, { init: () => own }))
    expect(seen).toEqual([{ in: 4 * 9, out: 6 * 9 }])
    expect(parameters[0]?.init).toEqual({ kind: 'kaiming-uniform', fan: 6 * 9 })
    expect(parameters[1]?.init).toEqual(own)
  })

  test('have a bias where PyTorch’s layer is told so: a linear one by default, a convolution not', () => {
    const builder = createGraphBuilder(IMAGE)
    let at = builder.conv2d(builder.input, 'plain', 6, 3, 1)
    at = builder.globalAvgPool(builder.conv2d(at, 'biased', 6, 1, 1, { bias: true }))
    at = builder.dense(at, 'linear', 10)
    const graph = builder.finish(builder.dense(at, 'head', 10, { bias: false }))
    expect(names(graph)).toEqual([
      'plain.weight',
      'biased.weight',
      'biased.bias',
      'linear.weight',
      'linear.bias',
      'head.weight',
    ])
    expect(graph.parameters[2]).toMatchObject({ role: 'bias', shape: [6], init: { value: 0 } })
    expect(parameterCount(graph)).toBe(6 * 4 * 9 + 6 * 6 + 6 + 60 + 10 + 100)
  })
})

test('batch norms begin by the network’s convention', () => {
  const scale = { kind: 'normal', mean: 1, deviation: 0.02 } as const
  const builder = createGraphBuilder(IMAGE, { scale, runningVariance: 0 })
  const { parameters, statistics } = builder.finish(builder.batchNorm(builder.input, 'bn'))
  expect(parameters.map(({ init }) => init)).toEqual([scale, { kind: 'constant', value: 0 }])
  expect(statistics.map(({ initial }) => initial)).toEqual([0, 0])
})

test('pools leave out what fills no window; subsampling keeps an odd last pixel', () => {
  const builder = createGraphBuilder({ height: 11, width: 8, channels: 4 })
  const sides = (id: number) => {
    const { height, width } = builder.shapeOf(id)
    return [height, width]
  }
  expect(sides(builder.avgPool2(builder.input))).toEqual([5, 4])
  expect(sides(builder.maxPool4(builder.input))).toEqual([2, 2])
  expect(sides(builder.subsample2(builder.input))).toEqual([6, 4])
})

test('dropouts are counted among themselves, so that a shortcut’s nodes move no draws', () => {
  const build = (identity: boolean) => {
    const builder = createGraphBuilder(IMAGE)
    const first = builder.dropout2d(builder.input, 0.1)
    const at = identity ? builder.add(builder.relu(first), first) : builder.relu(first)
    return builder.finish(builder.dropout2d(at, 0.2))
  }
  const dropouts = (identity: boolean) =>
    build(identity).nodes.flatMap((node) => (node.op === 'dropout2d' ? [node.attrs] : []))
  expect(dropouts(true)).toEqual([
    { rate: 0.1, layer: 0 },
    { rate: 0.2, layer: 1 },
  ])
  expect(dropouts(false)).toEqual(dropouts(true))
})

test('a linear layer refuses an image of more than one pixel', () => {
  const builder = createGraphBuilder(IMAGE)
  expect(() => builder.dense(builder.input, 'linear', 10)).toThrow(/linear wants a vector and gets 8×8/)
})

describe('facts', () => {
  test('the receptive field grows with the window of a pool', () => {
    const fieldOf = (op: 'avgPool2' | 'maxPool4' | 'subsample2') => {
      const builder = createGraphBuilder({ height: 16, width: 16, channels: 4 })
      const pooled = builder[op](builder.conv2d(builder.input, 'a', 4, 3, 1))
      return networkFacts(builder.finish(builder.conv2d(pooled, 'b', 4, 3, 1))).receptiveField
    }
    // 3 for the first convolution; the window less 1; 2 pixels of the pooled image.
    expect(fieldOf('subsample2')).toBe(3 + 0 + 2 * 2)
    expect(fieldOf('avgPool2')).toBe(3 + 1 + 2 * 2)
    expect(fieldOf('maxPool4')).toBe(3 + 3 + 2 * 4)
  })

  test('a value that two layers need again is kept once', () => {
    const builder = createGraphBuilder(IMAGE)
    const x = builder.conv2d(builder.input, 'stem', 4, 3, 1)
    const sum = builder.add(builder.conv2d(x, 'a', 4, 3, 1), builder.conv2d(x, 'b', 4, 1, 1))
    const graph = builder.finish(builder.maxPool4(sum))
    expect(nodesKeptForBackward(graph)).toEqual(new Set([builder.input, x, sum]))
    expect(networkFacts(graph).activationBytes).toBe(3 * 8 * 8 * 4 * 4)
  })
})
