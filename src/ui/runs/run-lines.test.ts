import { expect, test } from 'vitest'
import type { RunEntry } from '../../contract/run-record.ts'
import { BASE_COLUMNS, type RunColumn } from './run-columns.ts'
import { runLines } from './run-lines.ts'
import { groupFigureText, groupRows, groupSize } from './seed-groups.ts'
import { config, entry, row, rows } from './testing/run-row.ts'

function column(id: string): RunColumn {
  const found = BASE_COLUMNS.find((other) => other.id === id)
  if (!found) throw new Error(`no column ${id}`)
  return found
}

const tested = (last: number) => ({ epoch: 10, last, best: last, testLoss: 1, testImages: 10_000 })
const seeded = (run: string, seed: number, last: number, given: Partial<RunEntry> = {}) =>
  entry(run, { config: config('akamaster-20', { seed }), result: tested(last), ...given })

const best = seeded('best', 1, 0.9)
const worse = seeded('worse', 2, 0.8)
const alone = entry('alone', { config: config('drgripa1-20'), result: tested(0.5) })
const order = { column: column('last'), descending: true, grouped: false, baseline: null }
const words = (lines: ReturnType<typeof runLines>) =>
  lines.map((line) => (line.kind === 'group' ? groupSize(line.group) : `${line.place} ${line.row.entry.run}`))

test('the baseline stands on top whatever the order, and nowhere else', () => {
  const baseline = row(alone)
  const all = rows(worse, alone, best)
  expect(words(runLines(all, { ...order, baseline }))).toEqual(['baseline alone', 'alone best', 'alone worse'])
  expect(words(runLines(all, order))).toEqual(['alone best', 'alone worse', 'alone alone'])
})

test('a baseline that the filter hides is shown all the same', () => {
  expect(words(runLines(rows(best), { ...order, baseline: row(alone) }))).toEqual([
    'baseline alone',
    'alone best',
  ])
})

test('runs that differ in their seeds only stand under their group, ordered by its mean; one alone has none', () => {
  expect(words(runLines(rows(alone, worse, best), { ...order, grouped: true }))).toEqual([
    'n = 2 seeds',
    'group best',
    'group worse',
    'alone alone',
  ])
  const ascending = { ...order, grouped: true, descending: false }
  expect(words(runLines(rows(best, worse, alone), ascending))[0]).toBe('alone alone')
})

test('a group’s figures are the mean and the sample’s deviation of finished runs, each seed once', () => {
  const all = rows(
    best,
    worse,
    seeded('again', 2, 0.7, { createdAt: 1 }),
    seeded('half', 3, 0.1, { state: 'stopped' }),
  )
  const [group] = groupRows(all)
  if (!group) throw new Error('no group')
  expect(group.rows).toHaveLength(4)
  expect(groupSize(group)).toBe('n = 2 of 3 seeds finished')
  // 90 and 70: mean 80, deviation 20 / √2
  expect(groupFigureText(column('last'), group)).toBe('80.00 ± 14.14')
  expect(groupFigureText(column('time'), group)).toBe('')
})

test('a preset’s name alone makes no other group', () => {
  const renamed = entry('renamed', { config: config('akamaster-20', { preset: null, seed: 5 }) })
  expect(groupRows(rows(best, renamed))).toHaveLength(1)
})
