import { type Sweep, sweepSetups } from '../../runs/sweep.ts'
import { askingForEngine } from '../device/engine-actions.ts'
import { attempt, type LabStore } from '../lab-store.ts'
import { newId } from '../new-id.ts'
import { runOf } from '../session/session-actions.ts'
import type { WorkerClient } from '../worker-client.ts'

export type QueueActions = ReturnType<typeof createQueueActions>

/** What a person does to the queue. Failures are reported beside it. */
export function createQueueActions(store: LabStore, client: WorkerClient) {
  const ask = (command: Parameters<typeof client.call>[0]) =>
    attempt(store, { place: 'queue' }, () => client.call(command))

  return {
    /** The set-up as it is now, once or over seeds and depths, waits for its turn. */
    addToQueue: (sweep: Sweep) => {
      const sessions = sweepSetups(store.getState().setup, sweep).map((setup) => {
        const session = newId()
        return { session, runs: sweep.sides.map((side) => runOf(session, side, setup)) }
      })
      return ask({ kind: 'queue-add', group: sessions.length > 1 ? newId() : null, sessions })
    },
    moveQueued: (session: string, before: string | null) => ask({ kind: 'queue-move', session, before }),
    cancelQueued: (sessions: readonly string[]) => ask({ kind: 'queue-cancel', sessions: [...sessions] }),
    /** Cancelled runs wait again. */
    restoreQueued: (runs: readonly string[]) => ask({ kind: 'restore-runs', runs: [...runs] }),
    holdQueue: () => ask({ kind: 'queue-hold' }),
    goOnWithQueue: () =>
      attempt(store, { place: 'queue' }, () =>
        askingForEngine(store, (mayChangeEngine) => client.call({ kind: 'queue-go', mayChangeEngine })),
      ),
  }
}
