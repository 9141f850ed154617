import type { Failure } from '../../base/app-error.ts'
import { hasEnded, type SessionState, type TrainEvent } from '../../contract/events.ts'

export type SessionRecord = {
  readonly session: string
  readonly state: SessionState
  readonly phase: string | null
  readonly kernels: Extract<TrainEvent, { kind: 'session' }>['kernels']
  readonly notice: string | null
  readonly failure: Failure | null
  /** The runs that this session trains; another one may still be shown beside them. */
  readonly runs: readonly string[]
  /** It is shown as it was stored: the worker knows nothing of it until it goes on. */
  readonly isStored: boolean
}

/** True from "Train" until the run has ended in whichever way; not for a session that is only shown. */
export function isActive(session: SessionRecord | null): boolean {
  return session !== null && !session.isStored && !hasEnded(session.state)
}
