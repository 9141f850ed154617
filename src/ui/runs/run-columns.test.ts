import { expect, test } from 'vitest'
import { BASE_COLUMNS, deltaText, settingColumns, settingText } from './run-columns.ts'
import { config, entry, row } from './testing/run-row.ts'

function column(id: string) {
  const found = BASE_COLUMNS.find((other) => other.id === id)
  if (!found) throw new Error(`no column ${id}`)
  return found
}

const result = { epoch: 10, last: 0.8875, best: 0.9, testLoss: 0.35, testImages: 10_000 }

test('figures say how many images they are of, and whether those are synthetic', () => {
  const real = row(entry('r', { result }))
  expect(column('last').text(real)).toBe('88.75')
  expect(column('images').text(real)).toBe('10,000')
  const data = { ...config('akamaster-20').data, set: 'builtin' as const }
  const made = entry('r', { config: config('akamaster-20', { data }), result: { ...result, testImages: 40 } })
  expect(column('images').text(row(made))).toBe('40 synthetic')
})

test('a run that was not tested yet has dashes, not zeros', () => {
  const untested = row(entry('r', { result: null, steps: 0, totalSteps: 0, stepsPerEpoch: 0 }))
  for (const id of ['last', 'best', 'loss', 'images', 'epochs', 'steps']) {
    expect(column(id).text(untested), id).toBe('–')
  }
})

test('figures differ from the baseline’s in percentage points and in loss', () => {
  const baseline = row(entry('base'))
  const other = row(entry('r', { result }))
  expect(deltaText(column('last'), other, baseline)).toBe('−1.25\u202fpp')
  expect(deltaText(column('loss'), other, baseline)).toBe('+0.0500')
  expect(deltaText(column('time'), other, baseline)).toBeNull()
  expect(deltaText(column('last'), baseline, baseline)).toBeNull()
  expect(deltaText(column('last'), other, null)).toBeNull()
})

test('figures of other test images are not measured against the baseline', () => {
  const baseline = row(entry('base'))
  expect(deltaText(column('last'), row(entry('r', { result: { ...result, testImages: 40 } })), baseline)).toBeNull()
  const data = { ...config('akamaster-20').data, set: 'cifar100' as const }
  const elsewhere = entry('r', { result, config: config('akamaster-20', { data }) })
  expect(deltaText(column('last'), row(elsewhere), baseline)).toBeNull()
})

test('only settings in which the runs differ have a column, and none that has one anyway', () => {
  const base = config('akamaster-20')
  const headings = (...configs: readonly (typeof base)[]) =>
    settingColumns(configs).map(({ heading }) => heading)
  expect(headings(base)).toEqual([])
  expect(headings(base, { ...base, seed: 9 }, { ...base, network: { ...base.network, identity: false } })).toEqual(
    [],
  )
  expect(headings(base, { ...base, batchSize: 64 })).toEqual(['Batch size'])
})

test('values of settings are words', () => {
  expect(settingText('network.head.bias', true)).toBe('yes')
  expect(settingText('data.limitTrain', null)).toBe('all')
  expect(settingText('whitening', null)).toBe('none')
  expect(settingText('schedule.milestones', [100, 150])).toBe('100, 150')
  expect(settingText('data.set', 'cifar10')).toBe('CIFAR-10')
  expect(settingText('warmup.length', undefined)).toBe('–')
})
