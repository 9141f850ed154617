import { describe, expect, test } from 'vitest'
import { createGraphBuilder } from '../../network/graph-builder.ts'
import { shortcutKind } from '../../network/shortcuts/index.ts'
import { buildResidualNetwork } from '../../network/residual-network.ts'
import { type HeNetwork, heNetwork } from '../../presets/he.ts'
import { differentiate } from './differentiate.ts'
import { inferenceProgram } from './forward.ts'
import { fuse } from './fuse.ts'
import { type Operation, type OperationOf, type Program, readsOf, writesOf } from './program.ts'

const network = (changes: Partial<HeNetwork> = {}) =>
  buildResidualNetwork(heNetwork({ n: 1, width: 4, ...changes }), 10)
const step = (changes: Partial<HeNetwork> = {}) => fuse(differentiate(network(changes)))

function only<Name extends Operation['op']>(program: Program, op: Name): OperationOf<Name>[] {
  return program.operations.filter((operation): operation is OperationOf<Name> => operation.op === op)
}

const VARIANTS: Partial<HeNetwork>[] = [
  {},
  { identity: false },
  { shortcut: { kind: 'conv1x1-bn' } },
  { n: 3, width: 16 },
]

describe('a fused training step', () => {
  test('still writes every value once, before it is read', () => {
    for (const variant of VARIANTS) {
      const written = new Set<number>()
      for (const operation of step(variant).operations) {
        for (const id of readsOf(operation)) expect(written).toContain(id)
        for (const id of writesOf(operation)) {
          expect(written).not.toContain(id)
          written.add(id)
        }
      }
    }
  })

  test('has no ReLU, addition or ReLU gradient of its own', () => {
    for (const variant of VARIANTS) {
      const ops = new Set(step(variant).operations.map(({ op }) => op))
      for (const gone of ['relu', 'add', 'reluGradient'] as const) expect(ops).not.toContain(gone)
    }
  })

  test('adds the shortcut and takes the ReLU within the batch norm at the end of each block', () => {
    const applied = only(step(), 'batchNormApply')
    expect(applied).toHaveLength(7)
    expect(applied.filter(({ relu }) => relu)).toHaveLength(7)
    expect(applied.filter(({ reads }) => reads.residual !== undefined)).toHaveLength(3)
  })

  test('a projecting shortcut’s batch norm stays linear and is the residual of the block’s last one', () => {
    const applied = only(step({ shortcut: { kind: 'conv1x1-bn' } }), 'batchNormApply')
    const linear = applied.filter(({ relu }) => !relu)
    expect(linear).toHaveLength(2)
    for (const { writes } of linear)
      expect(applied.some(({ reads }) => reads.residual === writes.y)).toBe(true)
  })

  test('subsampling and zero channels are one shortcut, forward and backward', () => {
    expect(only(step(), 'shortcut').map(({ stride, before, after }) => [stride, before, after])).toEqual([
      [2, 2, 2],
      [2, 4, 4],
    ])
    const backward = only(step(), 'shortcutGradient')
    expect(backward.map(({ stride, before, after }) => [stride, before, after])).toEqual([
      [2, 4, 4],
      [2, 2, 2],
    ])
  })

  test('batch norm masks the gradient that it gets, and hands it on where a shortcut needs it', () => {
    const gradients = only(step(), 'batchNormInputGradient')
    expect(gradients.every(({ reads }) => reads.mask !== undefined)).toBe(true)
    expect(gradients.filter(({ writes }) => writes.masked !== undefined)).toHaveLength(3)
    expect(
      only(step({ identity: false }), 'batchNormInputGradient').every(
        ({ writes }) => writes.masked === undefined,
      ),
    ).toBe(true)
  })

  test('both batch norms of a projecting block mask for themselves', () => {
    const { length } = only(step({ shortcut: { kind: 'conv1x1-bn' } }), 'batchNormInputGradient').filter(
      ({ writes }) => writes.masked !== undefined,
    )
    // Only the first stage's block, whose shortcut is the identity.
    expect(length).toBe(1)
  })

  test('a convolution adds its input gradient to the shortcut’s', () => {
    const gradients = only(step(), 'conv2dInputGradient')
    expect(gradients.filter(({ reads }) => reads.addend !== undefined)).toHaveLength(3)
  })

  test('needs the same parameters as before', () => {
    const weights = (program: Program) =>
      only(program, 'conv2dWeightGradient')
        .map(({ weight }) => weight)
        .toSorted()
    expect(weights(step({ n: 2 }))).toEqual(weights(differentiate(network({ n: 2 }))))
  })
})

test('a convolution adds its input gradient to the shortcut’s where no ReLU follows the sum', () => {
  const builder = createGraphBuilder({ height: 2, width: 2, channels: 4 })
  const x = builder.conv2d(builder.input, 'stem', 4, 1, 1)
  const sum = builder.add(builder.batchNorm(builder.conv2d(x, 'inner', 4, 1, 1), 'bn'), x)
  const program = fuse(differentiate(builder.finish(builder.globalAvgPool(sum))))
  const [gradient] = only(program, 'conv2dInputGradient')
  const [norm] = only(program, 'batchNormInputGradient')
  expect(gradient?.reads.addend).toBe(norm?.reads.dy)
  expect(only(program, 'add')).toEqual([])
})

test('a batch norm adds its input gradient to the shortcut’s where the block begins with it', () => {
  const builder = createGraphBuilder({ height: 2, width: 2, channels: 4 })
  const x = builder.conv2d(builder.input, 'stem', 4, 1, 1)
  const inner = builder.conv2d(builder.relu(builder.batchNorm(x, 'first')), 'inner', 4, 1, 1)
  const last = builder.relu(builder.batchNorm(builder.add(x, inner), 'last'))
  const program = fuse(differentiate(builder.finish(builder.globalAvgPool(last))))
  const [ofLast, ofFirst] = only(program, 'batchNormInputGradient')
  expect(ofFirst?.reads.addend).toBe(ofLast?.writes.dx)
  // Only the forward pass's is left.
  expect(only(program, 'add')).toHaveLength(1)
})

test('an average pool and zero channels are one shortcut, forward and backward', () => {
  const builder = createGraphBuilder({ height: 4, width: 4, channels: 4 })
  const x = builder.conv2d(builder.input, 'stem', 4, 1, 1)
  const shortcut = builder.padChannels(builder.avgPool2(x), 1, 3)
  const program = fuse(differentiate(builder.finish(builder.globalAvgPool(shortcut))))
  const reshaping = { stride: 2, window: 2, before: 1, after: 3 }
  expect(only(program, 'shortcut')).toMatchObject([reshaping])
  expect(only(program, 'shortcutGradient')).toMatchObject([reshaping])
})

test('factors and reshapings in a row are one shortcut, forward and backward', () => {
  const builder = createGraphBuilder({ height: 4, width: 4, channels: 4 })
  const x = builder.conv2d(builder.input, 'stem', 4, 1, 1)
  const kind = shortcutKind({ kind: 'scaled' })
  if (!('build' in kind)) throw new Error('it has no parameters')
  const config = { kind: 'scaled', factor: 0.25, padding: 'end' } as const
  const same = kind.build({ builder, from: x, channels: 4, stride: 1 }, config)
  const smaller = kind.build({ builder, from: same, channels: 6, stride: 2 }, config)
  const program = fuse(differentiate(builder.finish(builder.globalAvgPool(smaller))))
  expect(only(program, 'shortcut')).toMatchObject([{ stride: 2, before: 0, after: 2, factor: 0.25 ** 2 }])
  expect(only(program, 'shortcutGradient')).toMatchObject([{ stride: 2, factor: 0.25 ** 2 }])
})

describe('fusion refuses', () => {
  test('to make one shortcut of two that each take every second pixel', () => {
    const builder = createGraphBuilder({ height: 8, width: 8, channels: 4 })
    const x = builder.conv2d(builder.input, 'stem', 4, 1, 1)
    const pooled = builder.avgPool2(builder.subsample2(x))
    const program = fuse(differentiate(builder.finish(builder.globalAvgPool(pooled))))
    expect(only(program, 'shortcut').map(({ window }) => window)).toEqual([1, 2])
    expect(only(program, 'shortcutGradient').map(({ window }) => window)).toEqual([2, 1])
  })

  test('to add in place where the other summand is read later', () => {
    const builder = createGraphBuilder({ height: 2, width: 2, channels: 4 })
    const a = builder.conv2d(builder.input, 'a', 4, 1, 1)
    const b = builder.conv2d(builder.input, 'b', 4, 1, 1)
    const norm = builder.batchNorm(builder.conv2d(b, 'c', 4, 1, 1), 'bn')
    const sum = builder.add(builder.add(a, b), norm)
    // The gradient of the sums goes to b, which c adds to, and to a, whose weight gradient comes after.
    const program = fuse(differentiate(builder.finish(builder.globalAvgPool(sum))))
    expect(only(program, 'conv2dInputGradient').map(({ reads }) => reads.addend)).toEqual([undefined])
  })

  test('to add in place where the convolution reads the other summand itself', () => {
    const builder = createGraphBuilder({ height: 2, width: 2, channels: 4 })
    const x = builder.conv2d(builder.input, 'stem', 4, 1, 1)
    const inner = builder.conv2d(x, 'inner', 4, 1, 1)
    const sum = builder.add(x, inner)
    // The gradient of the sum goes to x as it is, and to `inner`, whose weight gradient reads it as well.
    const program = fuse(differentiate(builder.finish(builder.globalAvgPool(sum))))
    expect(only(program, 'conv2dInputGradient').every(({ reads }) => reads.addend === undefined)).toBe(true)
    expect(only(program, 'add')).toHaveLength(2)
  })

  test('to hide a batch norm’s output that two operations read', () => {
    const builder = createGraphBuilder({ height: 2, width: 2, channels: 4 })
    const norm = builder.batchNorm(builder.conv2d(builder.input, 'a', 4, 1, 1), 'bn')
    const sum = builder.add(builder.relu(norm), norm)
    const program = fuse(
      inferenceProgram(builder.finish(builder.dense(builder.globalAvgPool(sum), 'linear', 10))),
    )
    expect(only(program, 'batchNormInference')[0]?.relu).toBe(false)
    expect(only(program, 'relu')).toHaveLength(1)
  })
})
