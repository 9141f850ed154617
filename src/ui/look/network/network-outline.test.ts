import { expect, test } from 'vitest'
import { buildGraph } from '../../../network/build-graph.ts'
import { parameterCount } from '../../../network/network-facts.ts'
import { type HeNetwork, heNetwork } from '../../../network/systems/he.ts'
import { outlineOf, parametersOf } from './network-outline.ts'

function graphOf(network: Partial<HeNetwork>) {
  return buildGraph({ network: heNetwork({ n: 3, ...network }), data: { set: 'cifar10' } })
}
const blocksOf = (network: Partial<HeNetwork>) =>
  outlineOf(graphOf(network)).stages.flatMap(({ blocks }) => blocks)

test('ResNet-20 is a stem, three stages of three blocks, and a head', () => {
  const { stem, stages, head } = outlineOf(graphOf({}))
  expect(stages.map(({ name, blocks }) => [name, blocks.length])).toEqual([
    ['layer1', 3],
    ['layer2', 3],
    ['layer3', 3],
  ])
  expect(stem.shape).toEqual({ height: 32, width: 32, channels: 16 })
  expect(stages[1]?.blocks[0]?.shape).toEqual({ height: 16, width: 16, channels: 32 })
  expect(head.shape).toEqual({ height: 1, width: 1, channels: 10 })
})

test('a block holds the parameters of its two convolutions and two batch norms', () => {
  // 2 · (9 · 16 · 16 + 2 · 16)
  expect(blocksOf({})[0]?.parameters).toBe(4672)
})

test.each([1, 3, 18])('with n = %i no parameter is left out, and none is counted twice', (n) => {
  const graph = graphOf({ n, shortcut: { kind: 'conv1x1-bn' } })
  const { stem, stages, head } = outlineOf(graph)
  expect(parametersOf([stem, head, ...stages.flatMap(({ blocks }) => blocks)])).toBe(parameterCount(graph))
})

test('only the first blocks of stages 2 and 3 change the shape, so only they pad', () => {
  expect(blocksOf({ n: 2 }).map(({ shortcut }) => shortcut)).toEqual([
    'identity',
    'identity',
    'padded',
    'identity',
    'padded',
    'identity',
  ])
})

test('a 1×1 convolution on the shortcut is told from padding', () => {
  expect(blocksOf({ n: 1, shortcut: { kind: 'conv1x1-bn' } }).map(({ shortcut }) => shortcut)).toEqual([
    'identity',
    'projection',
    'projection',
  ])
})

test('without identity no block has a shortcut', () => {
  expect(new Set(blocksOf({ identity: false }).map(({ shortcut }) => shortcut))).toEqual(new Set([null]))
})

test('the pool and the linear layer belong to the head, not to the last block', () => {
  const { head } = outlineOf(graphOf({}))
  expect(head.layers.map(({ text, module }) => [text, module])).toEqual([
    ['global average pool', null],
    ['linear', 'linear'],
  ])
})
