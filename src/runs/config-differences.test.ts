import { expect, test } from 'vitest'
import { findPreset } from '../presets/presets.ts'
import { configDifferences, differingPaths, valueAt } from './config-differences.ts'

function preset(id: string) {
  const found = findPreset(id)
  if (!found) throw new Error(`no preset ${id}`)
  return found.config
}
const base = preset('akamaster-20')

test('a config differs from itself, and from one of another name, in nothing', () => {
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

test('of several configs the fields that differ anywhere are named once; those that one lacks too', () => {
  const cosine = { ...base, schedule: { kind: 'cosine' as const, unit: 'epoch' as const } }
  expect(differingPaths([base])).toEqual([])
  expect(differingPaths([base, { ...base, preset: null }, { ...base, seed: 7 }])).toEqual(['seed'])
  expect(differingPaths([base, cosine, { ...base, batchSize: 64 }])).toEqual([
    'schedule.kind',
    'schedule.milestones',
    'schedule.factor',
    'batchSize',
  ])
})

test('a value is found by its path, and is undefined where there is no such field', () => {
  expect(valueAt(base, 'schedule.milestones')).toEqual([100, 150])
  expect(valueAt(base, 'warmup.length')).toBeUndefined()
  expect(valueAt(base, 'batchSize')).toBe(128)
})
