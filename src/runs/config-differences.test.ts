import { expect, test } from 'vitest'
import { findPreset } from '../network/presets.ts'
import { configDifferences } from './config-differences.ts'

function preset(id: string) {
  const found = findPreset(id)
  if (!found) throw new Error(`no preset ${id}`)
  return found.config
}
const base = preset('akamaster-20')

test('a config differs from itself, and from its twin of another name, in nothing', () => {
  expect(configDifferences(base, base)).toEqual([])
  expect(configDifferences(base, { ...base, preset: null })).toEqual([])
})

test('two depths of one family differ in their blocks only', () => {
  expect(configDifferences(base, preset('akamaster-32'))).toMatchObject([{ path: 'network.stages' }])
})

test('another kind of schedule names the fields that came and went', () => {
  const cosine = { ...base, schedule: { kind: 'cosine' as const, unit: 'epoch' as const } }
  expect(configDifferences(base, cosine)).toEqual([
    { path: 'schedule.kind', from: 'step', to: 'cosine' },
    { path: 'schedule.milestones', from: [100, 150], to: undefined },
    { path: 'schedule.factor', from: 0.1, to: undefined },
  ])
})
