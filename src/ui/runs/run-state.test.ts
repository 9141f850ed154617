import { expect, test } from 'vitest'
import { canGoOn, runState } from './run-state.ts'
import { entry, session } from './testing/run-row.ts'

const NOWHERE = { session: null, elsewhere: new Set<string>() }
const open = entry('r', { state: 'open' })
const failed = (code: 'training-diverged' | 'device-lost') =>
  entry('r', { state: 'failed', failure: { code, message: 'The reason.', details: null } })

test('a run that was begun and not ended is in training where somebody trains it, and paused where nobody does', () => {
  expect(runState(open, { ...NOWHERE, session: session(['r']) }).text).toBe('training here')
  expect(runState(open, { ...NOWHERE, session: session(['r'], { state: 'paused' }) }).text).toBe('paused')
  expect(runState(open, { ...NOWHERE, elsewhere: new Set(['r']) }).text).toBe('in another tab')
  expect(runState(open, { ...NOWHERE, session: session(['another']) }).text).toBe('paused')
  expect(runState(open, NOWHERE).text).toBe('paused')
})

test('a stored session that is only shown trains nothing here', () => {
  const shown = session(['r'], { isStored: true, state: 'paused' })
  expect(runState(open, { ...NOWHERE, session: shown }).isHere).toBe(false)
})

test('a run that failed says why, and goes on unless training diverged', () => {
  const lost = runState(failed('device-lost'), NOWHERE)
  expect(lost).toMatchObject({ text: 'failed', why: 'The reason.' })
  expect(canGoOn(lost)).toBe(true)
  const diverged = runState(failed('training-diverged'), NOWHERE)
  expect(diverged).toMatchObject({ id: 'failed', text: 'diverged', why: 'The reason.' })
  expect(canGoOn(diverged)).toBe(false)
})

test('what has finished, waits, or is trained already does not go on', () => {
  expect(canGoOn(runState(entry('r', { state: 'stopped' }), NOWHERE))).toBe(true)
  expect(canGoOn(runState(entry('r', { state: 'finished' }), NOWHERE))).toBe(false)
  expect(canGoOn(runState(entry('r', { state: 'queued' }), NOWHERE))).toBe(false)
  expect(canGoOn(runState(open, { ...NOWHERE, elsewhere: new Set(['r']) }))).toBe(false)
  expect(canGoOn(runState(open, { ...NOWHERE, session: session(['r'], { state: 'paused' }) }))).toBe(false)
})
