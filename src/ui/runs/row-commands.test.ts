import { expect, test, vi } from 'vitest'
import type { RunEntry } from '../../contract/run-record.ts'
import { rowCommands, type RowActions } from './row-commands.ts'
import { runRows, type RunRow } from './run-rows.ts'
import { entry, session } from './testing/run-row.ts'

const actions = (): RowActions => ({
  open: vi.fn(),
  resume: vi.fn(),
  details: vi.fn(),
  rename: vi.fn(),
  pin: vi.fn(),
  duplicate: vi.fn(),
  copyLink: vi.fn(),
  remove: vi.fn(),
})

function rowIn(given: Partial<RunEntry>, surroundings: Partial<Parameters<typeof runRows>[1]> = {}): RunRow {
  const [row] = runRows([entry('r', given)], { session: null, elsewhere: new Set(), ...surroundings })
  if (!row) throw new Error('no row')
  return row
}

function refusals(row: RunRow, inTraining: ReturnType<typeof session> | null = null): Record<string, string> {
  const commands = rowCommands(row, actions(), { session: inTraining, baseline: null })
  return Object.fromEntries(commands.flatMap(({ id, refused }) => (refused === null ? [] : [[id, refused]])))
}

test('a paused run can be anything; a finished one is not resumed but opened', () => {
  expect(refusals(rowIn({ state: 'open' }))).toEqual({})
  expect(refusals(rowIn({ state: 'finished' }))).toEqual({
    resume: 'It has finished: open it to train it for longer.',
  })
})

test('what another session’s training stands in the way of says so', () => {
  const other = session(['another'])
  const row = rowIn({ state: 'stopped' }, { session: other })
  expect(refusals(row, other)).toEqual({
    open: 'Another session is in training: stop it first.',
    resume: 'Another session is in training: stop it first.',
  })
})

test('a run in training is neither resumed nor deleted, here or in another tab', () => {
  const here = session(['r'])
  expect(refusals(rowIn({ state: 'open' }, { session: here }), here)).toEqual({
    resume: 'It is in training.',
    delete: 'It is in training: stop it first.',
  })
  const elsewhere = rowIn({ state: 'open' }, { elsewhere: new Set(['r']) })
  expect(refusals(elsewhere)).toEqual({
    resume: 'It is in training in another tab.',
    delete: 'It is in training in another tab.',
  })
})

test('the pin takes a run, and gives it back', () => {
  const done = actions()
  const row = rowIn({})
  const press = (id: string, baseline: string | null) =>
    rowCommands(row, done, { session: null, baseline })
      .find((command) => command.id === id)
      ?.perform()
  press('pin', null)
  expect(done.pin).toHaveBeenLastCalledWith('r')
  press('unpin', 'r')
  expect(done.pin).toHaveBeenLastCalledWith(null)
  press('delete', null)
  expect(done.remove).toHaveBeenCalledWith([row])
})
