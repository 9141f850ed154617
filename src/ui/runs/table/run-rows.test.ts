import { expect, test } from 'vitest'
import { findPreset } from '../../../presets/presets.ts'
import { heNetwork } from '../../../presets/he.ts'
import { filterRows, NO_FILTER, nameOf, sortRows } from './run-rows.ts'
import { entryOf, resultOf, rowsOf, runsOf } from '../../../testing/ui/entries.ts'

const preset = findPreset('akamaster-20')?.config
if (!preset) throw new Error('no preset akamaster-20')

test('a run is called by its given name, else by its preset, with its network where that is another', () => {
  const name = (changes: Parameters<typeof entryOf>[1]) => nameOf(entryOf('r', changes))
  expect(name({ name: 'mine' })).toBe('mine')
  expect(name({ config: preset })).toBe('akamaster-20')
  expect(name({ config: { ...preset, network: heNetwork({ n: 1, width: 4 }) } })).toBe(
    'akamaster-20, ResNet-8, 4 channels',
  )
  expect(name({ config: { ...preset, preset: null } })).toBe('ResNet-20, 16 channels')
})

test('deleted runs have no row', () => {
  expect(runsOf(rowsOf(entryOf('a'), entryOf('b', { deletedAt: 1 })))).toEqual(['a'])
})

test('a filter lets through what has all its words, its data set and its state', () => {
  const rows = rowsOf(
    entryOf('a', { notes: 'Cosine, no warm-up' }),
    entryOf('b', { config: { ...preset, seed: 3 } }),
    entryOf('c', { state: 'open' }),
  )
  const found = (filter: Partial<typeof NO_FILTER>) => runsOf(filterRows(rows, { ...NO_FILTER, ...filter }))
  expect(found({})).toEqual(['a', 'b', 'c'])
  expect(found({ text: ' COSINE  resnet-20 ' })).toEqual(['a'])
  expect(found({ text: 'seed 3' })).toEqual(['b'])
  expect(found({ text: 'cosine akamaster' })).toEqual([])
  expect(found({ set: 'cifar10' })).toEqual(['b'])
  expect(found({ state: 'paused' })).toEqual(['c'])
  expect(found({ state: 'paused', set: 'cifar10' })).toEqual([])
})

test('rows sort by metrics and by words either way, with those that have none last', () => {
  const rows = rowsOf(
    entryOf('a', { name: 'ResNet-20', result: resultOf(0.7) }),
    entryOf('b', { name: 'ResNet-8', result: null }),
    entryOf('c', { name: 'resnet-110', result: resultOf(0.9) }),
  )
  const byBest = (descending: boolean) =>
    runsOf(sortRows(rows, ({ entry }) => entry.result?.best ?? null, descending))
  expect(byBest(true)).toEqual(['c', 'a', 'b'])
  expect(byBest(false)).toEqual(['a', 'c', 'b'])
  expect(runsOf(sortRows(rows, ({ name }) => name, false))).toEqual(['b', 'a', 'c'])
})
