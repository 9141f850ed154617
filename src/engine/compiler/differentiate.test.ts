import { describe, expect, test } from 'vitest'
import { createGraphBuilder } from '../../network/graph-builder.ts'
import { buildResidualNetwork } from '../../network/residual-network.ts'
import { type HeNetwork, heNetwork } from '../../presets/he.ts'
import { differentiate } from './differentiate.ts'
import { inferenceProgram } from './forward.ts'
import { consumers, type Operation, type Program, producers, readsOf, valueOf, writesOf } from './program.ts'

const network = (changes: Partial<HeNetwork> = {}) =>
  buildResidualNetwork(heNetwork({ n: 1, width: 4, ...changes }), 10)
const count = (program: Program, op: Operation['op']) =>
  program.operations.filter((operation) => operation.op === op).length

describe('a training step', () => {
  test('reads nothing that was not written before', () => {
    for (const shortcut of [undefined, { kind: 'conv1x1-bn' } as const]) {
      const written = new Set<number>()
      for (const operation of differentiate(network({ n: 2, ...(shortcut && { shortcut }) })).operations) {
        for (const id of readsOf(operation)) expect(written).toContain(id)
        for (const id of writesOf(operation)) written.add(id)
      }
    }
  })

  test('gives every parameter one gradient', () => {
    const graph = network({ shortcut: { kind: 'conv1x1-bn' } })
    const given = differentiate(graph).operations.flatMap((operation) => {
      if (operation.op === 'conv2dWeightGradient') return [operation.weight]
      if (operation.op === 'denseWeightGradient') return [operation.weight, operation.bias ?? []].flat()
      if (operation.op === 'conv2dBiasGradient') return [operation.bias]
      return operation.op === 'batchNormReduce' ? [operation.scale, operation.shift] : []
    })
    expect(given.toSorted()).toEqual(graph.parameters.map(({ name }) => name).toSorted())
  })

  test('sums a convolution’s bias gradient, unless only batch norms read it, which take any bias away', () => {
    const builder = createGraphBuilder({ height: 4, width: 4, channels: 4 })
    const biased = (from: number, name: string) => builder.conv2d(from, name, 4, 1, 1, { bias: true })
    const normalised = builder.batchNorm(biased(builder.input, 'normalised'), 'bn1')
    const shown = biased(normalised, 'shown')
    const both = builder.add(builder.batchNorm(shown, 'bn2'), shown)
    const { operations } = differentiate(builder.finish(builder.globalAvgPool(biased(both, 'last'))))
    const summed = operations.flatMap((operation) =>
      operation.op === 'conv2dBiasGradient' ? [operation.bias] : [],
    )
    expect(summed).toEqual(['last.bias', 'shown.bias'])
  })

  test('sums the bias gradient of a convolution whose output is the logits', () => {
    const builder = createGraphBuilder({ height: 1, width: 1, channels: 4 })
    const program = differentiate(
      builder.finish(builder.conv2d(builder.input, 'logits', 10, 1, 1, { bias: true })),
    )
    expect(count(program, 'conv2dBiasGradient')).toBe(1)
  })

  test('drops the same channels of the images and of their gradient', () => {
    const builder = createGraphBuilder({ height: 4, width: 4, channels: 4 })
    const at = builder.dropout2d(builder.dropout2d(builder.conv2d(builder.input, 'a', 4, 1, 1), 0.1), 0.2)
    const { operations } = differentiate(builder.finish(builder.maxPool4(at)))
    const dropouts = operations.flatMap((operation) =>
      operation.op === 'dropout2d' ? [[operation.rate, operation.layer]] : [],
    )
    expect(dropouts).toEqual([
      [0.1, 0],
      [0.2, 1],
      [0.2, 1],
      [0.1, 0],
    ])
  })

  test('computes no gradient of the images', () => {
    const program = differentiate(network())
    expect(count(program, 'conv2d')).toBe(7)
    expect(count(program, 'conv2dWeightGradient')).toBe(7)
    expect(count(program, 'conv2dInputGradient')).toBe(6)
  })

  test('adds up the gradients of a value that two operations use', () => {
    // Each of the three blocks' inputs is used by its first convolution and by its shortcut; three forward additions.
    expect(count(differentiate(network()), 'add')).toBe(3 + 3)
    expect(count(differentiate(network({ identity: false })), 'add')).toBe(0)
  })

  test('passes a gradient through an addition without an operation', () => {
    const builder = createGraphBuilder({ height: 2, width: 2, channels: 4 })
    const a = builder.conv2d(builder.input, 'a', 4, 1, 1)
    const b = builder.conv2d(builder.input, 'b', 4, 1, 1)
    const logits = builder.globalAvgPool(builder.add(a, b))
    const program = differentiate(builder.finish(logits))
    const gradients = program.operations.flatMap((operation) =>
      operation.op === 'conv2dWeightGradient' ? [operation.reads.dy] : [],
    )
    expect(gradients).toHaveLength(2)
    expect(gradients[0]).toBe(gradients[1])
  })

  test('gives each gradient the shape of its value', () => {
    const program = differentiate(network())
    const producerOf = producers(program.operations)
    for (const operation of program.operations) {
      if (operation.op !== 'reluGradient') continue
      const shape = valueOf(program, operation.writes.dx).shape
      expect(shape).toEqual(valueOf(program, operation.reads.y).shape)
      expect(shape).toEqual(valueOf(program, operation.reads.dy).shape)
      expect(producerOf.get(operation.reads.y)?.op).toBe('relu')
    }
  })

  test('ends with the optimiser', () => {
    expect(differentiate(network()).operations.at(-1)?.op).toBe('optimise')
  })
})

describe('inference', () => {
  test('drops nothing', () => {
    const builder = createGraphBuilder({ height: 4, width: 4, channels: 4 })
    const pooled = builder.maxPool4(builder.dropout2d(builder.input, 0.5))
    const program = inferenceProgram(builder.finish(builder.dense(pooled, 'linear', 10)))
    expect(program.operations.map(({ op }) => op)).toEqual(['decode', 'maxPool4', 'dense', 'output', 'count'])
  })

  test('uses running statistics only, hands out the logits and what they were made of, and counts', () => {
    const program = inferenceProgram(network())
    expect(count(program, 'batchNormInference')).toBe(7)
    expect(count(program, 'batchNormStatistics')).toBe(0)
    const output = program.operations.find((operation) => operation.op === 'output')
    const readers = consumers(program.operations)
    const readersOf = (id = -1) => readers.get(id)?.map(({ op }) => op)
    expect(readersOf(output?.reads.logits)).toEqual(['output', 'count'])
    expect(readersOf(output?.reads.features)).toEqual(['dense', 'output'])
  })
})
