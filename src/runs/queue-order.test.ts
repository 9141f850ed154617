import { expect, test } from 'vitest'
import type { RunEntry } from '../contract/run-record.ts'
import { runConfigSchema } from '../config/run-config.ts'
import { PRESETS } from '../presets/presets.ts'
import { lastPlace, placesAfterMove, queueOf } from './queue-order.ts'
import { runEntry } from '../testing/runs/run-entry.ts'

const config = runConfigSchema.parse(PRESETS[0]?.config)

const entry = (session: string, place: number | null, change: Partial<RunEntry> = {}) =>
  runEntry({ run: `${session}-a`, session, config, place, ...change })

const order = (entries: readonly RunEntry[]) => queueOf(entries).map(({ session }) => session)

test('sessions come by their places, an interrupted one first; deleted ones and others not at all', () => {
  const entries = [
    entry('late', 7),
    entry('early', 2),
    entry('begun', 9, { state: 'open' }),
    entry('cancelled', 1, { deletedAt: 1 }),
    entry('trained by hand', null, { state: 'open' }),
  ]
  expect(order(entries)).toEqual(['begun', 'early', 'late'])
  expect(lastPlace(queueOf(entries))).toBe(10)
  expect(lastPlace([])).toBe(0)
})

test('a pair is one session, A before B; of equal places the same one is always first', () => {
  const pair = [entry('pair', 3, { run: 'pair-b' }), entry('pair', 3, { run: 'pair-a' })]
  const [queued] = queueOf(pair)
  expect(queued?.runs.map(({ run }) => run)).toEqual(['pair-a', 'pair-b'])
  expect(order([entry('y', 3), entry('x', 3)])).toEqual(order([entry('x', 3), entry('y', 3)]))
})

test.each([
  { session: 'c', before: 'a', after: ['begun', 'c', 'a', 'b'] },
  { session: 'a', before: 'c', after: ['begun', 'b', 'a', 'c'] },
  { session: 'a', before: null, after: ['begun', 'b', 'c', 'a'] },
  // What has been begun or is gone neither moves nor gives way.
  { session: 'begun', before: null, after: ['begun', 'a', 'b', 'c'] },
  { session: 'c', before: 'begun', after: ['begun', 'a', 'b', 'c'] },
  { session: 'gone', before: 'a', after: ['begun', 'a', 'b', 'c'] },
])('$session put before $before: $after', ({ session, before, after }) => {
  const entries = [
    entry('begun', 0, { state: 'open' }),
    entry('a', 4),
    // Added in two tabs at once.
    entry('b', 5),
    entry('c', 5),
  ]
  const places = placesAfterMove(queueOf(entries), session, before)
  for (const queued of entries) queued.place = places.get(queued.session) ?? queued.place
  expect(order(entries)).toEqual(after)
})
