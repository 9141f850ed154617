import { describe, expect, test } from 'vitest'
import { findPreset } from '../presets/presets.ts'
import { heNetwork } from '../presets/he.ts'
import { parseRunConfig } from './run-config.ts'

const today = findPreset('he-32')?.config
const family = { family: 'he', n: 5, width: 16, shortcut: 'subsample-pad', padding: 'end', identity: true }

test('a config of version 1 is read as the same network in today’s words', () => {
  expect(parseRunConfig({ ...today, version: 1, network: family }, 'a file')).toEqual(today)
})

test('so is one with projecting shortcuts and without identity', () => {
  const network = { ...family, shortcut: 'conv1x1-bn', identity: false }
  expect(parseRunConfig({ ...today, version: 1, network }, 'a file').network).toEqual(
    heNetwork({ n: 5, shortcut: { kind: 'conv1x1-bn' }, identity: false }),
  )
})

test('a cosine schedule of version 1 holds its warm-up, which stands beside it today', () => {
  const older = (warmup: number) => ({
    ...today,
    version: 1,
    network: family,
    schedule: { kind: 'cosine', unit: 'epoch', warmup },
  })
  expect(parseRunConfig(older(5), 'a link')).toEqual({
    ...today,
    schedule: { kind: 'cosine', unit: 'epoch' },
    warmup: { kind: 'linear', unit: 'epoch', length: 5 },
  })
  expect(parseRunConfig(older(0), 'a link').warmup).toBeNull()
})

test.each([
  ['no network', { ...today, version: 1, network: null }],
  ['a family that version 1 did not know', { ...today, version: 1, network: { family: 'vgg' } }],
  ['half a block', { ...today, version: 1, network: { ...family, n: 2.5 } }],
])('version 1 with %s is refused', (_, config) => {
  expect(() => parseRunConfig(config, 'a file')).toThrow(/^The configuration in a file is not valid at /)
})

describe('a config of version 2', () => {
  const author = findPreset('iavicenna-14')?.config
  const { linearBias: _, ...initialisation } = author?.network.initialisation ?? {}
  const older = { ...author, version: 2, network: { ...author?.network, initialisation } }

  test('with iavicenna’s transition is the pre-activated variant of today, and no preset of the author’s', () => {
    expect(parseRunConfig(older, 'a file')).toEqual({
      ...author,
      preset: null,
      network: { ...author?.network, block: { kind: 'transition-pre-activated' } },
    })
  })

  test('with that block in another preset’s run keeps the preset', () => {
    expect(parseRunConfig({ ...older, preset: 'he-20' }, 'a file').preset).toBe('he-20')
  })

  test('begins its linear layer’s bias at 0, whatever today’s preset does', () => {
    const akamaster = findPreset('akamaster-20')?.config
    const network = { ...akamaster?.network, initialisation }
    expect(
      parseRunConfig({ ...akamaster, version: 2, network }, 'a file').network.initialisation.linearBias,
    ).toBe('zero')
  })
})
