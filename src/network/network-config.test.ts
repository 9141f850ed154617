import { describe, expect, test } from 'vitest'
import { heNetwork } from '../presets/he.ts'
import { type NetworkConfig, networkConfigSchema } from './network-config.ts'

const RESNET_20 = heNetwork({ n: 3 })

function firstIssue(changes: Partial<NetworkConfig>) {
  const [issue] = networkConfigSchema.safeParse({ ...RESNET_20, ...changes }).error?.issues ?? []
  return issue && `${issue.path.join('.')}: ${issue.message}`
}

describe('a network that cannot be built is refused with the field to change', () => {
  test('a 4×4 max pool over anything but 4×4 pixels', () => {
    expect(firstIssue({ head: { pool: 'max', bias: true } })).toBe(
      'head.pool: the 4×4 max pool needs 4 stages',
    )
  })

  test('zero channels that would have to lead to fewer', () => {
    const stages = [
      { blocks: 1, channels: 16 },
      { blocks: 1, channels: 8 },
    ]
    expect(firstIssue({ stages })).toMatch(/^stages\.1\.channels: .*\(8 after 16\)$/)
    expect(firstIssue({ stages, shortcut: { kind: 'conv1x1' } })).toBeUndefined()
  })

  test('a stem wider than the first stage, but not where a bottleneck widens it', () => {
    const stem = { channels: 32, dropout: 0 }
    expect(firstIssue({ stem })).toMatch(/^stages\.0\.channels: .*\(16 after 32\)$/)
    expect(firstIssue({ stem, block: { kind: 'bottleneck', reluAfterAdd: true } })).toBeUndefined()
  })

  test('biases of 1×1 convolutions where no block has one', () => {
    expect(firstIssue({ convolutionBias: '1x1' })).toBe(
      'convolutionBias: only bottleneck blocks have 1×1 convolutions',
    )
  })
})
