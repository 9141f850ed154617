import { z } from 'zod'
import { runIdSchema } from '../run-record.ts'
import { defineCommands, done } from './define-commands.ts'
import { mayChangeEngine, newRuns } from './session-commands.ts'

/** Sessions that are queued at once. */
export const MOST_QUEUED = 200

const session = runIdSchema

export const queueCommands = defineCommands({
  /** Sessions wait for their turns, behind those that wait already. `group` where they belong together. */
  'queue-add': {
    request: {
      group: runIdSchema.nullable(),
      sessions: z
        .array(z.object({ session, runs: newRuns }))
        .min(1)
        .max(MOST_QUEUED),
    },
    reply: done,
  },
  /** Puts a waiting session before another, or last where `before` is null. */
  'queue-move': { request: { session, before: session.nullable() }, reply: done },
  /** Deletes waiting sessions; `restore-runs` undoes that. One that was begun only leaves the queue. */
  'queue-cancel': { request: { sessions: z.array(session).min(1) }, reply: done },
  /** No session begins until `queue-go`; the one in training goes on. */
  'queue-hold': { request: {}, reply: done },
  'queue-go': { request: { mayChangeEngine }, reply: done },
})
