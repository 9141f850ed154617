// What can be done with a run of the table, and why something cannot be done now.
import { createContext } from 'react'
import { isActive, type SessionRecord } from '../../../client/session/session-record.ts'
import type { RunRow } from './run-rows.ts'
import { canGoOn } from '../run-state.ts'

export type RowCommand = {
  readonly id: string
  readonly text: string
  readonly perform: () => void
  /** Why it cannot be done now; null where it can. */
  readonly refused: string | null
}

export type RowActions = {
  readonly open: (row: RunRow) => void
  readonly resume: (row: RunRow) => void
  readonly details: (row: RunRow) => void
  readonly rename: (row: RunRow) => void
  readonly pin: (run: string | null) => void
  readonly duplicate: (row: RunRow) => void
  readonly copyLink: (row: RunRow) => void
  readonly save: (rows: readonly RunRow[]) => void
  readonly remove: (rows: readonly RunRow[]) => void
}

export type RowSituation = {
  readonly session: SessionRecord | null
  readonly baseline: string | null
}

/** Read by a row's menu when it opens. */
export const RowCommandsContext = createContext<(row: RunRow) => RowCommand[]>(() => [])

export function rowCommands(row: RunRow, actions: RowActions, situation: RowSituation): RowCommand[] {
  const isPinned = situation.baseline === row.entry.run
  const command = (id: string, text: string, perform: () => void, refused: string | null = null) => ({
    id,
    text,
    perform,
    refused,
  })
  return [
    command('open', 'Open in Run', () => actions.open(row), openingRefused(row, situation)),
    command('resume', 'Resume', () => actions.resume(row), resumingRefused(row, situation)),
    command('details', 'Details and notes…', () => actions.details(row)),
    command('rename', 'Rename', () => actions.rename(row)),
    isPinned
      ? command('unpin', 'Unpin baseline', () => actions.pin(null))
      : command('pin', 'Pin as baseline', () => actions.pin(row.entry.run)),
    command('duplicate', 'Duplicate and edit', () => actions.duplicate(row)),
    command('link', 'Copy link to set-up', () => actions.copyLink(row)),
    command('save', 'Export as zip', () => actions.save([row])),
    command('delete', 'Delete', () => actions.remove([row]), deletingRefused(row)),
  ]
}

const ANOTHER = 'Stop the current session first.'
const ELSEWHERE = 'It is training in another tab.'

function openingRefused({ state }: RunRow, { session }: RowSituation): string | null {
  if (state.isHere) return null
  return isActive(session) ? ANOTHER : null
}

function resumingRefused(row: RunRow, situation: RowSituation): string | null {
  const { state } = row
  if (state.id === 'elsewhere') return ELSEWHERE
  if (state.isHere) return state.id === 'paused' ? null : 'It is training.'
  if (state.id === 'queued') return 'It is queued.'
  if (state.id === 'finished') return 'It has finished. Open it in Run to train longer.'
  if (!canGoOn(state)) return 'Training diverged. Lower the learning rate and train again.'
  return openingRefused(row, situation)
}

/** Of a row, so that a deletion of several says why before it is tried. */
export function deletingRefused({ state }: RunRow): string | null {
  if (state.id === 'elsewhere') return ELSEWHERE
  return state.isHere ? 'It is training. Stop it first.' : null
}
