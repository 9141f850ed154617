import { expect, test } from 'vitest'
import type { RunConfig } from '../../config/run-config.ts'
import { findPreset } from '../../presets/presets.ts'
import { describeDifferences } from './describe-differences.ts'

function config(id: string, changed: Partial<RunConfig> = {}, identity = true): RunConfig {
  const preset = findPreset(id)
  if (!preset) throw new Error(`no preset ${id}`)
  const { network } = preset.config
  return { ...preset.config, ...changed, network: { ...network, identity } }
}

test('of one preset, only what differs is told', () => {
  const one = config('akamaster-20', { seed: 1, batchSize: 64 })
  expect(describeDifferences([one, config('akamaster-20', { seed: 2, batchSize: 32 }, false)])).toEqual([
    'with identity, seed 1, batch size 64',
    'without identity, seed 2, batch size 32',
  ])
  expect(describeDifferences([one, one])).toEqual(['', ''])
  expect(describeDifferences([])).toEqual([])
})

test('of different presets, the preset stands for what is its own, and what was changed in it is told', () => {
  const data = { set: 'builtin', limitTrain: null, limitTest: null, validation: null } as const
  expect(
    describeDifferences([
      config('akamaster-20', { data, seed: 1 }),
      config('drgripa1-20', { data, seed: 1, batchSize: 64 }, false),
    ]),
  ).toEqual(['akamaster-20, with identity', 'drgripa1-20, without identity, batch size 64'])
})

test('networks of one size that differ in a part are told apart by it', () => {
  const scaled = (factor: number) => {
    const given = config('akamaster-20')
    const shortcut = { kind: 'scaled', padding: 'centre', factor } as const
    return { ...given, network: { ...given.network, shortcut } }
  }
  expect(describeDifferences([scaled(0.3), scaled(0.5)])).toEqual([
    'shortcut scale, λ 0.3',
    'shortcut scale, λ 0.5',
  ])
})

test('what became of another kind is told without its parts', () => {
  const [mean, std] = [
    [0.5, 0.5, 0.5],
    [0.25, 0.25, 0.25],
  ] as const
  expect(
    describeDifferences([
      config('akamaster-20', { normalisation: { kind: 'channels', mean: [...mean], std: [...std] } }),
      config('akamaster-20', { normalisation: { kind: 'image-mean' } }),
    ]),
  ).toEqual(['normalisation channels', 'normalisation image-mean'])
})
