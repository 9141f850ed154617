import { z } from 'zod'
import { runConfigSchema } from '../../config/run-config.ts'
import { runIdSchema } from '../run-record.ts'
import { defineCommands, done } from './define-commands.ts'

/** True where the person agrees that another engine than the one of the checkpoint goes on; else that is refused. */
export const mayChangeEngine = z.boolean().optional()

/** New runs of a session, one or two in lockstep; their ids are the page's. */
export const newRuns = z
  .array(z.object({ run: runIdSchema, config: runConfigSchema }))
  .min(1)
  .max(2)

const session = runIdSchema

export const sessionCommands = defineCommands({
  /** Begins a session; ends the session before it. */
  start: {
    request: {
      session,
      runs: newRuns,
      /** True to begin paused, as "Step" does. */
      paused: z.boolean(),
    },
    reply: done,
  },
  pause: { request: { session }, reply: done },
  resume: { request: { session }, reply: done },
  /** One optimiser step of every run, then pause. */
  step: { request: { session }, reply: done },
  stop: { request: { session }, reply: done },
  /** Stores a checkpoint as soon as the step under way is done: the page may be gone soon. */
  keep: { request: { session }, reply: done },
  /** More epochs after the budget is spent, or before. */
  extend: { request: { session, epochs: z.int().min(1).max(10_000), mayChangeEngine }, reply: done },
  /**
   * Goes on with stored runs of one session from their last checkpoints, as if nothing had happened; ends the session
   * before it. `epochs` more than their budget where not 0.
   */
  'resume-runs': {
    request: {
      session,
      runs: z.array(z.string()).min(1).max(2),
      paused: z.boolean(),
      epochs: z.int().min(0).max(10_000),
      mayChangeEngine,
    },
    reply: done,
  },
})
