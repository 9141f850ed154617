import { expect, test } from 'vitest'
import { findPreset } from '../presets/presets.ts'
import { heNetwork } from '../presets/he.ts'
import { parseRunConfig } from './run-config.ts'

const today = findPreset('akamaster-32')?.config
const family = { family: 'he', n: 5, width: 16, shortcut: 'subsample-pad', padding: 'centre', identity: true }

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
