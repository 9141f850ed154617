import { expect, test, vi } from 'vitest'
import type { SessionRecord } from '../../../client/session/session-record.ts'
import { type RowActions, rowCommands, type RowSituation } from './row-commands.ts'
import { runRows } from './run-rows.ts'
import { entryOf } from '../../../testing/ui/entries.ts'

function training(...runs: readonly string[]): SessionRecord {
  return {
    session: 's',
    state: 'running',
    phase: null,
    kernels: null,
    notice: null,
    failure: null,
    runs,
    isStored: false,
  }
}

const IDLE: RowSituation = { session: null, baseline: null }

function menuOf(entry: Parameters<typeof entryOf>[1], situation = IDLE, elsewhere: readonly string[] = []) {
  const done = vi.fn<(...what: unknown[]) => void>()
  const actions: RowActions = {
    open: () => done('open'),
    resume: () => done('resume'),
    details: () => done('details'),
    rename: () => done('rename'),
    pin: (run) => done('pin', run),
    duplicate: () => done('duplicate'),
    save: (saved) => done('save', saved.length),
    copyLink: () => done('link'),
    remove: (rows) => done('delete', rows.length),
  }
  const [row] = runRows([entryOf('r', entry)], { session: situation.session, elsewhere: new Set(elsewhere) })
  if (!row) throw new Error('no row')
  const commands = rowCommands(row, actions, situation)
  const refused = commands.flatMap((command) => (command.refused === null ? [] : [command.id]))
  return { commands, refused, done }
}

test('every command does what it says', () => {
  const { commands, done } = menuOf({ state: 'open' })
  for (const { perform } of commands) perform()
  expect(done.mock.calls).toEqual([
    ['open'],
    ['resume'],
    ['details'],
    ['rename'],
    ['pin', 'r'],
    ['duplicate'],
    ['link'],
    ['save', 1],
    ['delete', 1],
  ])
})

test('the baseline is unpinned where it is pinned', () => {
  const { commands, done } = menuOf({}, { session: null, baseline: 'r' })
  commands.find(({ id }) => id === 'unpin')?.perform()
  expect(done).toHaveBeenCalledWith('pin', null)
})

test('what makes no sense now is refused, with the reason', () => {
  expect(menuOf({ state: 'open' }).refused).toEqual([])
  expect(menuOf({ state: 'finished' }).refused).toEqual(['resume'])
  expect(menuOf({ state: 'queued' }).refused).toEqual(['resume'])
  expect(menuOf({ state: 'open' }, { session: training('r'), baseline: null }).refused).toEqual([
    'resume',
    'delete',
  ])
  expect(menuOf({ state: 'open' }, { session: training('x'), baseline: null }).refused).toEqual([
    'open',
    'resume',
  ])
  const { commands, refused } = menuOf({ state: 'open' }, IDLE, ['r'])
  expect(refused).toEqual(['resume', 'delete'])
  expect(commands.find(({ id }) => id === 'delete')?.refused).toBe('It is training in another tab.')
})
