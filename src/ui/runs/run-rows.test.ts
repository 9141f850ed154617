import { expect, test } from 'vitest'
import { withBlocks } from '../../network/resize-network.ts'
import { filterRows, nameOf, NO_FILTER, runRows, sortRows } from './run-rows.ts'
import { config, entry, rows } from './testing/run-row.ts'

const ids = (found: readonly { readonly entry: { readonly run: string } }[]) =>
  found.map((row) => row.entry.run)

test('a run without a name is called by its preset, and by its network where that is another', () => {
  const preset = config('akamaster-20')
  expect(nameOf(entry('r', { name: 'Mine' }))).toBe('Mine')
  expect(nameOf({ name: '', config: preset })).toBe('akamaster-20')
  const small = { ...preset, network: withBlocks(preset.network, 1) }
  expect(nameOf({ name: '', config: small })).toBe('akamaster-20, ResNet-8, 16 channels')
  expect(nameOf({ name: '', config: { ...small, preset: null } })).toBe('ResNet-8, 16 channels')
})

test('deleted runs have no row', () => {
  const entries = [entry('here'), entry('gone', { deletedAt: 5 })]
  expect(ids(runRows(entries, { session: null, elsewhere: new Set() }))).toEqual(['here'])
})

test('every word must be somewhere: in the name, the notes, the settings or the state', () => {
  const all = rows(
    entry('a', { name: 'First trial', notes: 'without Warm-up', config: config('akamaster-20', { seed: 3 }) }),
    entry('b', { state: 'stopped', config: config('drgripa1-20') }),
  )
  const found = (text: string) => ids(filterRows(all, { ...NO_FILTER, text }))
  expect(found('')).toEqual(['a', 'b'])
  expect(found('warm-up TRIAL')).toEqual(['a'])
  expect(found('trial stopped')).toEqual([])
  expect(found('drgripa1')).toEqual(['b'])
  expect(found('seed 3')).toEqual(['a'])
})

test('the filters of state and data set let only their own through', () => {
  const onBuiltin = { ...config('akamaster-20').data, set: 'builtin' as const }
  const all = rows(
    entry('a', { state: 'stopped' }),
    entry('b', { config: config('akamaster-20', { data: onBuiltin }) }),
  )
  expect(ids(filterRows(all, { ...NO_FILTER, state: 'stopped' }))).toEqual(['a'])
  expect(ids(filterRows(all, { ...NO_FILTER, set: 'builtin' }))).toEqual(['b'])
  expect(ids(filterRows(all, { ...NO_FILTER, set: 'builtin', state: 'stopped' }))).toEqual([])
})

test('numbers sort by size, words with numbers too, and what has no figure comes last either way', () => {
  const sorted = (keys: readonly (number | string | null)[], descending: boolean) =>
    sortRows(keys, (key) => key, descending)
  expect(sorted([10, 9, null, 100], false)).toEqual([9, 10, 100, null])
  expect(sorted([10, 9, null, 100], true)).toEqual([100, 10, 9, null])
  expect(sorted(['ResNet-20', 'ResNet-8', null], false)).toEqual(['ResNet-8', 'ResNet-20', null])
})

test('rows with equal keys keep their order in both directions', () => {
  const all = [
    { id: 1, key: 0 },
    { id: 2, key: 0 },
  ]
  for (const descending of [true, false]) {
    expect(sortRows(all, ({ key }) => key, descending).map(({ id }) => id)).toEqual([1, 2])
  }
})
