import { expect, test } from 'vitest'
import type { SessionRecord } from '../../client/session/session-record.ts'
import { canGoOn, runState } from './run-state.ts'
import { entryOf } from '../../testing/ui/entries.ts'

const NOBODY: ReadonlySet<string> = new Set()

function sessionOf(state: SessionRecord['state'], isStored = false): SessionRecord {
  return {
    session: 's',
    state,
    phase: null,
    kernels: null,
    notice: null,
    failure: null,
    runs: ['r'],
    isStored,
  }
}

test('a run left open is paused, and trained where a session or another tab has it', () => {
  const open = entryOf('r', { state: 'open' })
  const stateIn = (session: SessionRecord | null, elsewhere = NOBODY) =>
    runState(open, { session, elsewhere })
  expect(stateIn(null)).toMatchObject({ id: 'paused', isHere: false })
  expect(stateIn(sessionOf('evaluating'))).toMatchObject({ id: 'training', isHere: true })
  expect(stateIn(sessionOf('paused'))).toMatchObject({ id: 'paused', isHere: true })
  // Shown as it was stored: nothing trains it.
  expect(stateIn(sessionOf('paused', true))).toMatchObject({ id: 'paused', isHere: false })
  expect(stateIn(null, new Set(['r']))).toMatchObject({ id: 'elsewhere', text: 'in another tab' })
})

test('a run that diverged says so while its session goes on, and cannot go on', () => {
  const failure = { code: 'training-diverged', message: 'The loss is not finite.', details: null } as const
  const state = runState(entryOf('r', { state: 'failed', failure }), {
    session: sessionOf('running'),
    elsewhere: NOBODY,
  })
  expect(state).toMatchObject({ id: 'failed', text: 'diverged', why: failure.message })
  expect(canGoOn(state)).toBe(false)
})

test.each([
  ['open', true],
  ['stopped', true],
  ['failed', true],
  ['finished', false],
  ['queued', false],
] as const)('a run that is %s can go on: %s', (state, can) => {
  expect(canGoOn(runState(entryOf('r', { state }), { session: null, elsewhere: NOBODY }))).toBe(can)
})
