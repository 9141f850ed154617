// What a stored run is doing, in this tab or another, in a word or two.
import { isActive, type SessionRecord } from '../../client/session/session-record.ts'
import type { RunEntry } from '../../contract/run-record.ts'

/** In the order in which they sort and are offered to filter by. */
export const RUN_STATE_TEXTS = {
  training: 'training here',
  elsewhere: 'in another tab',
  paused: 'paused',
  queued: 'queued',
  stopped: 'stopped',
  finished: 'finished',
  failed: 'failed',
} as const
export type RunStateId = keyof typeof RUN_STATE_TEXTS

export type RunState = {
  readonly id: RunStateId
  readonly text: string
  /** Why it failed, in a sentence; null otherwise. */
  readonly why: string | null
  /** Belongs to the session that the worker trains, or has paused, in this tab. */
  readonly isHere: boolean
}

export type RunSurroundings = {
  readonly session: SessionRecord | null
  /** Runs in training in another tab. */
  readonly elsewhere: ReadonlySet<string>
}

export function runState(entry: RunEntry, { session, elsewhere }: RunSurroundings): RunState {
  const { run, state, failure } = entry
  const isHere = session !== null && isActive(session) && session.runs.includes(run)
  const stateWith = (id: RunStateId, text: string = RUN_STATE_TEXTS[id]): RunState => ({
    id,
    text,
    why: id === 'failed' ? (failure?.message ?? null) : null,
    isHere,
  })
  if (failure?.code === 'training-diverged') return stateWith('failed', 'diverged')
  if (elsewhere.has(run)) return stateWith('elsewhere')
  if (isHere) return stateWith(session.state === 'paused' ? 'paused' : 'training')
  // Begun and not ended, and nobody trains it: left where its tab ended.
  return stateWith(state === 'open' ? 'paused' : state)
}

/** Whether it can go on from its last checkpoint, now. */
export function canGoOn({ id, text, isHere }: RunState): boolean {
  if (text === 'diverged' || isHere) return false
  return id === 'paused' || id === 'stopped' || id === 'failed'
}
