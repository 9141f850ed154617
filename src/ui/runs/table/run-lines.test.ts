import { expect, test } from 'vitest'
import type { RunEntry } from '../../../contract/run-record.ts'
import { BASE_COLUMNS } from './run-columns.ts'
import { type RunLine, runLines } from './run-lines.ts'
import { groupMetricText, groupRows, groupSize } from './seed-groups.ts'
import { entryOf, RESNET_20, resultOf, rowsOf } from '../../../testing/ui/entries.ts'

const best = BASE_COLUMNS.find(({ id }) => id === 'best')
if (!best) throw new Error('no column of the best accuracy')

const seeded = (run: string, seed: number, accuracy: number, changes: Partial<RunEntry> = {}) =>
  entryOf(run, { config: { ...RESNET_20, seed }, result: resultOf(accuracy), ...changes })

const slow = { config: { ...RESNET_20, batchSize: 64, seed: 1 } }
const rows = rowsOf(
  seeded('a', 1, 0.8),
  seeded('b', 2, 0.84),
  entryOf('c', { ...slow, result: resultOf(0.83) }),
  seeded('d', 3, 0.6, { state: 'open' }),
)

const words = (line: RunLine) =>
  line.kind === 'group' ? groupSize(line.group) : `${line.row.entry.run} ${line.place}`

const [, second] = rows
const order = { column: best, descending: true, grouped: false, baseline: null }

test('the pinned run stands on top, whatever the others are sorted by', () => {
  expect(runLines(rows, order).map(words)).toEqual(['b alone', 'c alone', 'a alone', 'd alone'])
  const pinned = { ...order, descending: false, baseline: second ?? null }
  expect(runLines(rows, pinned).map(words)).toEqual(['b baseline', 'd alone', 'a alone', 'c alone'])
})

test('seeds stand under their group, groups by their means; a run alone needs none', () => {
  expect(runLines(rows, { ...order, grouped: true }).map(words)).toEqual([
    'c alone',
    'n = 2 of 3 seeds finished',
    'b group',
    'a group',
    'd group',
  ])
  expect(runLines(rows, { ...order, grouped: true, baseline: second ?? null }).map(words)).toEqual([
    'b baseline',
    'c alone',
    'n = 2 of 3 seeds finished',
    'a group',
    'd group',
  ])
})

test('a group’s metric is the mean ± sd of the runs that have finished', () => {
  const [group, other] = groupRows(rows)
  if (!group || !other) throw new Error('not two groups')
  // The sample’s deviation of 80 and 84 is √8.
  expect(groupMetricText(best, group)).toBe('82.00 ± 2.83')
  expect(groupMetricText(best, other)).toBe('83.00')
})

test('a seed that was trained twice counts once, as it was trained last', () => {
  const [group] = groupRows(
    rowsOf(seeded('a', 1, 0.9, { createdAt: 2 }), seeded('b', 1, 0.5, { createdAt: 1 }), seeded('c', 2, 0.9)),
  )
  if (!group) throw new Error('no group')
  expect(groupSize(group)).toBe('n = 2 seeds')
  expect(groupMetricText(best, group)).toBe('90.00 ± 0.00')
})
