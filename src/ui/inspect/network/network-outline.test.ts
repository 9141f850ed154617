import { describe, expect, test } from 'vitest'
import { buildGraph } from '../../../network/build-graph.ts'
import { parameterCount } from '../../../network/network-facts.ts'
import { findPreset } from '../../../presets/presets.ts'
import { type HeNetwork, heNetwork } from '../../../presets/he.ts'
import { outlineOf, parametersOf, type Part } from './network-outline.ts'

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

const PADDED = { kind: 'resized', steps: ['stride-2 subsampling', 'zero-padded channels'] }
const IDENTITY = { kind: 'identity', steps: [] }

test('only the first blocks of stages 2 and 3 change the shape, so only they pad', () => {
  expect(blocksOf({ n: 2 }).map(({ shortcut }) => shortcut)).toEqual([
    IDENTITY,
    IDENTITY,
    PADDED,
    IDENTITY,
    PADDED,
    IDENTITY,
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

describe('each family reads as its author describes it', () => {
  const outline = (id: string) => {
    const preset = findPreset(id)
    if (!preset) throw new Error(`no preset ${id}`)
    return outlineOf(buildGraph(preset.config))
  }
  const first = (id: string, stage: number) => outline(id).stages[stage]?.blocks[0]
  const texts = ({ layers }: Part) => layers.map(({ text }) => text)

  test('he: two convolutions, every second pixel, ReLU after the addition', () => {
    expect(first('he-20', 1)).toMatchObject({ convolutions: 2, shortcut: PADDED })
    expect(first('he-20', 1)?.steps.slice(-3)).toEqual(['batch norm', 'add the shortcut', 'ReLU'])
  })

  test('iavicenna: a transition with a convolution beside it, even in stage 1; then blocks whose first batch norm only tracks', () => {
    const [transition, extra] = outline('iavicenna-14').stages[0]?.blocks ?? []
    expect(transition?.shortcut).toEqual({ kind: 'projection', steps: ['1×1 convolution'] })
    expect(transition?.steps).toEqual([
      '3×3 convolution',
      'batch norm',
      'ReLU',
      '3×3 convolution',
      'add the shortcut',
    ])
    expect(extra?.shortcut).toEqual(IDENTITY)
    expect([extra?.steps[0], extra?.steps[1], extra?.steps.at(-2), extra?.steps.at(-1)]).toEqual([
      'batch norm (statistics only)',
      '3×3 convolution',
      'batch norm',
      'ReLU',
    ])
  })

  test('mbsariyildiz: bottlenecks of three convolutions, average pool and zero channels, no linear bias', () => {
    expect(first('mbsariyildiz-50', 0)).toMatchObject({
      convolutions: 3,
      shortcut: { kind: 'resized', steps: ['zero-padded channels'] },
      shape: { channels: 256 },
    })
    expect(first('mbsariyildiz-50', 1)?.shortcut?.steps).toEqual(['2×2 average pool', 'zero-padded channels'])
    expect(outline('mbsariyildiz-50').head.layers.at(-1)?.text).toBe('linear without bias')
  })

  test('zhenye-na: dropout in the stem, a 3×3 projection, nothing after the addition, a max pool', () => {
    const { stem, head } = outline('zhenye-na')
    expect(texts(stem).at(-1)).toBe('dropout of whole channels, p = 0.02')
    expect(texts(head)).toEqual(['4×4 max pool', 'linear'])
    const block = first('zhenye-na', 1)
    expect(block?.shortcut).toEqual({ kind: 'projection', steps: ['3×3 convolution', 'batch norm'] })
    expect(block?.convolutions).toBe(2)
    expect(block?.steps.at(-1)).toBe('add the shortcut')
  })

  test('drgripa1: biases in stem and blocks', () => {
    expect(texts(outline('drgripa1-20').stem)[1]).toBe('3×3 convolution, bias')
    expect(first('drgripa1-20', 1)?.layers[0]?.text).toBe('3×3 convolution, stride 2, bias')
  })
})
