import type { Failure } from '../../base/app-error.ts'
import type { QueueState, TrainEvent } from '../../contract/events.ts'

/** Which sessions wait is in the entries of the stored runs. */
export type QueueStatus = {
  readonly state: QueueState
  /** Why it is held where no person has held it. */
  readonly failure: Failure | null
}

export const EMPTY_QUEUE: QueueStatus = { state: 'going', failure: null }

export function queueStatus({ state, failure }: Extract<TrainEvent, { kind: 'queue' }>): QueueStatus {
  return { state, failure }
}
