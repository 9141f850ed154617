import { describe, expect, test } from 'vitest'
import { buildGraph } from './build-graph.ts'
import type { Graph, GraphNode } from './graph.ts'
import { networkFacts, parameterCount } from './network-facts.ts'
import { PRESETS } from '../presets/presets.ts'
import { type HeNetwork, heNetwork } from '../presets/he.ts'

type Changes = Partial<HeNetwork>

function build(changes: Changes = {}, set: 'cifar10' | 'cifar100' = 'cifar10'): Graph {
  return buildGraph({ network: heNetwork({ n: 1, width: 4, ...changes }), data: { set } })
}

const PROJECTION = { kind: 'conv1x1-bn' } as const
const opsOf = (graph: Graph, op: GraphNode['op']) => graph.nodes.filter((node) => node.op === op)

describe('parameter counts', () => {
  // Computed by running the authors' own model classes: with identity, without.
  const published: Readonly<Record<string, readonly [number, number]>> = {
    'akamaster-20': [269_722, 269_722],
    'akamaster-32': [464_154, 464_154],
    'akamaster-44': [658_586, 658_586],
    'akamaster-56': [853_018, 853_018],
    'akamaster-110': [1_727_962, 1_727_962],
    'he-20': [269_722, 269_722],
    'he-32': [464_154, 464_154],
    'he-44': [658_586, 658_586],
    'he-56': [853_018, 853_018],
    'he-110': [1_727_962, 1_727_962],
    'iavicenna-14': [691_674, 680_922],
    'iavicenna-18': [1_061_466, 1_050_714],
    'iavicenna-32': [1_856_922, 1_846_170],
    'iavicenna-14-wide': [2_759_594, 2_716_586],
    'iavicenna-18-wide': [4_236_458, 4_193_450],
    'mbsariyildiz-10': [4_729_408, 4_729_408],
    'mbsariyildiz-18': [11_000_128, 11_000_128],
    'mbsariyildiz-34': [21_108_288, 21_108_288],
    'mbsariyildiz-50': [20_763_136, 20_763_136],
    'mbsariyildiz-10-cifar100': [4_775_488, 4_775_488],
    'mbsariyildiz-18-cifar100': [11_046_208, 11_046_208],
    'mbsariyildiz-34-cifar100': [21_154_368, 21_154_368],
    'mbsariyildiz-50-cifar100': [20_947_456, 20_947_456],
    'zhenye-na': [3_903_620, 3_515_652],
    'drgripa1-20': [270_410, 270_410],
    'drgripa1-32': [465_290, 465_290],
    'drgripa1-44': [660_170, 660_170],
    'drgripa1-56': [855_050, 855_050],
  }

  test('every preset has its author’s number of parameters, with identity and without', () => {
    const counts = PRESETS.map(({ id, config }) => [
      id,
      [true, false].map((identity) =>
        parameterCount(buildGraph({ ...config, network: { ...config.network, identity } })),
      ),
    ])
    expect(Object.fromEntries(counts)).toEqual(published)
  })

  test('a projecting shortcut adds its convolution and batch norm at the two stage changes only', () => {
    const plain = parameterCount(build())
    const [w1, w2, w3] = [4, 8, 16]
    expect(parameterCount(build({ shortcut: PROJECTION }))).toBe(plain + w1 * w2 + 2 * w2 + w2 * w3 + 2 * w3)
  })

  test('without identity a projecting shortcut and its parameters are gone', () => {
    expect(parameterCount(build({ shortcut: PROJECTION, identity: false }))).toBe(parameterCount(build()))
  })

  test('a CIFAR-100 head has 100 rows', () => {
    const graph = build({}, 'cifar100')
    expect(graph.classes).toBe(100)
    expect(parameterCount(graph) - parameterCount(build())).toBe(90 * (16 + 1))
  })
})

describe('identity: false', () => {
  test('removes every addition and leaves the ReLU after it', () => {
    expect(opsOf(build(), 'add')).toHaveLength(3)
    expect(opsOf(build({ identity: false }), 'add')).toHaveLength(0)
    expect(opsOf(build({ identity: false }), 'relu')).toHaveLength(opsOf(build(), 'relu').length)
  })

  test('keeps the names and shapes of all other parameters', () => {
    const names = (graph: Graph) => graph.parameters.map(({ name, shape }) => `${name} ${shape.join('×')}`)
    expect(names(build({ identity: false }))).toEqual(names(build()))
  })
})

describe('subsample-pad', () => {
  const pads = (padding: 'end' | 'centre') =>
    opsOf(build({ shortcut: { kind: 'subsample-pad', padding } }), 'padChannels').map((node) =>
      node.op === 'padChannels' ? node.attrs : null,
    )

  test('at the centre puts half of the zero channels before', () => {
    expect(pads('centre')).toEqual([
      { before: 2, after: 2 },
      { before: 4, after: 4 },
    ])
  })

  test('at the end puts all of them after', () => {
    expect(pads('end')).toEqual([
      { before: 0, after: 4 },
      { before: 0, after: 8 },
    ])
  })

  test('an odd width splits the zero channels without losing one', () => {
    const graph = build({ width: 5 })
    const add = opsOf(graph, 'add')[1]
    expect(add?.inputs.map((id) => graph.nodes[id]?.shape.channels)).toEqual([10, 10])
  })
})

test('every node’s inputs come before it, and additions join equal shapes', () => {
  for (const changes of [{}, { shortcut: PROJECTION }]) {
    const graph = build({ n: 3, ...changes })
    for (const node of graph.nodes) {
      for (const id of node.inputs) expect(id).toBeLessThan(node.id)
    }
    for (const { inputs } of opsOf(graph, 'add')) {
      const [a, b] = inputs.map((id) => graph.nodes[id]?.shape)
      expect(a).toEqual(b)
    }
  }
})

test('parameters carry the names of akamaster’s published weights', () => {
  const names = build({ shortcut: PROJECTION }).parameters.map(({ name }) => name)
  expect(names.slice(0, 3)).toEqual(['conv1.weight', 'bn1.weight', 'bn1.bias'])
  expect(names).toContain('layer1.0.conv2.weight')
  expect(names).toContain('layer2.0.shortcut.0.weight')
  expect(names).toContain('layer3.0.shortcut.1.bias')
  expect(names.slice(-2)).toEqual(['linear.weight', 'linear.bias'])
})

describe('facts', () => {
  test('ResNet-20’s forward pass is 40.55 million multiply-adds', () => {
    // Summed by hand over the 19 convolutions and the 64×10 linear layer.
    const stem = 32 * 32 * 27 * 16
    const stage1 = 6 * 32 * 32 * 9 * 16 * 16
    const stage2 = 16 * 16 * 9 * 16 * 32 + 5 * 16 * 16 * 9 * 32 * 32
    const stage3 = 8 * 8 * 9 * 32 * 64 + 5 * 8 * 8 * 9 * 64 * 64
    expect(networkFacts(build({ n: 3, width: 16 })).forwardFlops).toBe(
      2 * (stem + stage1 + stage2 + stage3 + 640),
    )
  })

  test('depth counts the weight layers of the main path: 6n + 2', () => {
    expect([1, 3, 18].map((n) => networkFacts(build({ n })).depth)).toEqual([8, 20, 110])
  })

  test('the receptive field grows by 2 a convolution at 32², by 4 at 16², by 8 at 8²', () => {
    // n = 1: 1 + 2 (stem) + 2·2 + (2 + 4) + (4 + 8)
    expect(networkFacts(build()).receptiveField).toBe(25)
    expect(networkFacts(build({ n: 3 })).receptiveField).toBe(81)
  })

  test('activation memory is the same with a parameter-free shortcut as without', () => {
    expect(networkFacts(build({ identity: false })).activationBytes).toBe(
      networkFacts(build()).activationBytes,
    )
  })

  test('activation memory counts a convolution’s output for its batch norm and the ReLU’s output for the next layer', () => {
    // Input 3·32²; at each resolution two convolution outputs and two ReLU outputs; the stem’s two; the pooled 16.
    const at32 = 32 * 32 * 4 * (2 + 4)
    const at16 = 16 * 16 * 8 * 4
    const at8 = 8 * 8 * 16 * 4
    expect(networkFacts(build()).activationBytes).toBe(4 * (3 * 32 * 32 + at32 + at16 + at8 + 16))
  })
})
