// Parameter names against those that PRESETS' authors' code has.
import { describe, expect, test } from 'vitest'
import { buildGraph } from './build-graph.ts'
import { namingsOf, namesIn } from './rename-parameters.ts'
import { findPreset, preferredNaming, SYSTEMS } from '../presets/presets.ts'

function namesOf(id: string): string[] {
  const preset = findPreset(id)
  if (!preset) throw new Error(`no preset ${id}`)
  const { parameters, statistics } = buildGraph(preset.config)
  const names = namesIn(preferredNaming(preset.config), preset.config.network)
  return [...parameters, ...statistics].flatMap(({ name }) => names(name))
}

describe('each author’s names', () => {
  test.each<[string, readonly string[]]>([
    ['akamaster-20', ['conv1.weight', 'bn1.running_var', 'layer3.2.conv2.weight', 'linear.bias']],
    [
      'iavicenna-18',
      [
        'conv1.weight',
        'batchNorm1.weight',
        'downsample2.weight',
        'resLayer2.0.downsample.weight',
        'resLayer1.0.batchNorm1.bias',
        'resLayer3.2.batchNorm3.running_mean',
        'resLayer2.1.conv2.weight',
        'full1.bias',
      ],
    ],
    [
      'mbsariyildiz-18',
      [
        'layer0.0.weight',
        'layer0.1.bias',
        'layer4.1.block.3.weight',
        'layer1.0.block.4.running_var',
        'fc.weight',
      ],
    ],
    ['mbsariyildiz-50', ['layer0.0.weight', 'layer2.3.conv1.bias', 'layer4.2.bn3.weight', 'fc.weight']],
    [
      'zhenye-na',
      [
        'conv1.weight',
        'bn.running_mean',
        'conv2_x.1.conv1.weight',
        'conv5_x.0.downsample.0.weight',
        'conv3_x.0.downsample.1.running_var',
        'fc_layer.bias',
      ],
    ],
    [
      'drgripa1-32',
      ['conv.bias', 'bn.weight', 'block3.4.conv2.bias', 'block1.0.bn1.running_mean', 'fc.weight'],
    ],
  ])('%s', (id, expected) => {
    expect(namesOf(id)).toEqual(expect.arrayContaining([...expected]))
  })

  test('iavicenna’s shortcuts have two names, everything else one', () => {
    const names = namesOf('iavicenna-14')
    expect(names.filter((name) => name.includes('downsample')).toSorted()).toEqual([
      'downsample1.weight',
      'downsample2.weight',
      'downsample3.weight',
      'resLayer1.0.downsample.weight',
      'resLayer2.0.downsample.weight',
      'resLayer3.0.downsample.weight',
    ])
  })

  test.each(SYSTEMS.flatMap(({ presets }) => presets))('$id: no two tensors share a name', ({ id }) => {
    const names = namesOf(id)
    expect(new Set(names).size).toBe(names.length)
  })

  test.each(SYSTEMS)(
    '$id’s presets are written in its own naming, without identity too',
    ({ presets, naming }) => {
      for (const { config } of presets) {
        expect(preferredNaming(config)).toBe(naming)
        const plain = { ...config, network: { ...config.network, identity: false } }
        expect(preferredNaming(plain)).toBe(naming)
      }
    },
  )
})

test('a network that the preset’s author’s code does not have is written in this lab’s own names', () => {
  const preset = findPreset('drgripa1-20')
  if (!preset) throw new Error('no preset drgripa1-20')
  const network = { ...preset.config.network, shortcut: { kind: 'conv1x1-bn' } as const }
  expect(namingsOf(network)).toEqual(['akamaster'])
  expect(preferredNaming({ preset: 'drgripa1-20', network })).toBe('akamaster')
  expect(() => namesIn('drgripa1', network)).toThrow('has no names for such a network')
})
