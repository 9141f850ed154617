import type { RunRecord } from '../../client/session/run-record.ts'
import type { SessionRecord } from '../../client/session/session-record.ts'

/** What a side's run is doing, in a word or two. */
export function sideState(run: RunRecord | null, session: SessionRecord | null): string {
  if (!run || !session) return 'not trained yet'
  if (run.failure) return run.failure.code === 'training-diverged' ? 'diverged' : 'failed'
  if (!session.runs.includes(run.run)) return 'from before'
  switch (session.state) {
    case 'preparing':
      return 'preparing'
    case 'running':
      return 'training'
    case 'evaluating':
      return 'testing'
    default:
      return session.state
  }
}
