import { describe, expect, test } from 'vitest'
import { type NetworkConfig, networkConfigSchema } from '../../network/network-config.ts'
import { findPreset, PRESETS } from '../../presets/presets.ts'
import { withWidth } from '../../network/resize-network.ts'
import {
  stageRange,
  stemRange,
  tidyNetwork,
  whyNot,
  widthRange,
  withAddedStage,
  withoutStage,
} from './network-rules.ts'

function networkOf(id: string): NetworkConfig {
  const preset = findPreset(id)
  if (!preset) throw new Error(`no preset ${id}`)
  return preset.config.network
}
const RESNET_20 = networkOf('akamaster-20')
const ZHENYE_NA = networkOf('zhenye-na')
const BOTTLENECKS = networkOf('mbsariyildiz-50')
const BASIC = { kind: 'basic', reluAfterAdd: true } as const

const channelsOf = ({ stages }: NetworkConfig) => stages.map(({ channels }) => channels)
const isValid = (network: NetworkConfig) => networkConfigSchema.safeParse(network).success

test.each(PRESETS)('$id is tidy', ({ config }) => {
  expect(tidyNetwork(config.network)).toEqual(config.network)
})

describe('a network is put right where one field rules another out', () => {
  test('without four stages there is no max pool', () => {
    expect(ZHENYE_NA.head.pool).toBe('max')
    expect(tidyNetwork(withoutStage(ZHENYE_NA, 0)).head.pool).toBe('average')
    expect(tidyNetwork(withAddedStage(ZHENYE_NA)).head.pool).toBe('average')
  })

  test('without bottlenecks there is no bias of a 1×1 convolution', () => {
    expect(BOTTLENECKS.convolutionBias).toBe('1x1')
    expect(tidyNetwork({ ...BOTTLENECKS, block: BASIC }).convolutionBias).toBe('none')
  })

  test('zero channels lead to no fewer: narrower stages are widened', () => {
    const stem = { channels: 24, dropout: 0 }
    expect(channelsOf(tidyNetwork({ ...RESNET_20, stem }))).toEqual([24, 32, 64])
    expect(channelsOf(tidyNetwork({ ...RESNET_20, stem, shortcut: { kind: 'conv1x1' } }))).toEqual([
      16, 32, 64,
    ])
  })

  test('a bottleneck gives out four times its channels', () => {
    const narrow = { ...withWidth(BOTTLENECKS, 16), stem: { channels: 64, dropout: 0 } }
    expect(channelsOf(tidyNetwork(narrow))).toEqual([16, 32, 64, 128])
    expect(channelsOf(tidyNetwork({ ...narrow, block: BASIC }))).toEqual([64, 64, 64, 128])
  })
})

describe('what cannot be chosen has a reason', () => {
  test('a max pool of three stages, and not of four', () => {
    const head = { pool: 'max', bias: true } as const
    expect(whyNot(RESNET_20, { head })).toContain('needs 4 stages')
    expect(whyNot(withAddedStage(RESNET_20), { head })).toBeNull()
  })

  test('zero channels where a stage narrows', () => {
    const narrowing: NetworkConfig = {
      ...RESNET_20,
      shortcut: { kind: 'conv1x1-bn' },
      stages: RESNET_20.stages.toReversed(),
    }
    expect(isValid(narrowing)).toBe(true)
    expect(whyNot(narrowing, { shortcut: { kind: 'avgpool-pad', padding: 'end' } })).toContain('32 after 64')
    expect(whyNot(narrowing, { shortcut: { kind: 'conv3x3-bn' } })).toBeNull()
  })
})

describe('the ends of a range can be built, and what is beyond cannot', () => {
  const stageOf = (network: NetworkConfig, stage: number, channels: number): NetworkConfig => ({
    ...network,
    stages: network.stages.map((other, i) => (i === stage ? { ...other, channels } : other)),
  })
  const stemOf = (network: NetworkConfig, channels: number): NetworkConfig => ({
    ...network,
    stem: { ...network.stem, channels },
  })
  const padded = [
    ['of basic blocks', RESNET_20],
    ['of bottlenecks', BOTTLENECKS],
  ] as const

  test.each(padded)('each stage %s', (_, network) => {
    for (const stage of network.stages.keys()) {
      const { min, max } = stageRange(network, stage)
      const valid = [min - 1, min, max, max + 1].map((channels) => isValid(stageOf(network, stage, channels)))
      expect(valid).toEqual([false, true, true, false])
    }
  })

  test.each(padded)('the stem %s', (_, network) => {
    const { max } = stemRange(network)
    expect([max, max + 1].map((channels) => isValid(stemOf(network, channels)))).toEqual([true, false])
  })

  test('where shortcuts are convolutions a stage may be narrower', () => {
    expect(stageRange(ZHENYE_NA, 2)).toEqual({ min: 1, max: 1024 })
    expect(isValid(stageOf(ZHENYE_NA, 2, 1))).toBe(true)
  })

  test.each(PRESETS)('the width of $id', ({ config: { network } }) => {
    const { min, max } = widthRange(network)
    for (const width of [min, max]) expect(isValid(tidyNetwork(withWidth(network, width)))).toBe(true)
    expect(isValid(withWidth(network, max + 1))).toBe(false)
  })
})
