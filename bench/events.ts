// What a running benchmark tells, in the order in which it happens. From a page these arrive as messages.
import { z } from 'zod'
import { ENGINES } from './contender.ts'
import { NETWORK_NAMES } from './networks.ts'

const milliseconds = z.number().nonnegative()
const cell = { network: z.enum(NETWORK_NAMES), engine: z.enum(ENGINES) }

export const benchEventSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('machine'),
    /** The GPU's; null where no engine uses one, or there is none. */
    adapter: z.string().nullable(),
    /** Of the adapter, those that matter to training. */
    limits: z.record(z.string(), z.number()),
    /** Those that matter to training. */
    features: z.array(z.string()),
    /** Images of every step. */
    batch: z.int().positive(),
    /** Of each engine on the CPU; null where none takes part. */
    threads: z.int().positive().nullable(),
    /** Null outside a page. */
    crossOriginIsolated: z.boolean().nullable(),
  }),
  z.object({ kind: z.literal('opened'), engine: z.enum(ENGINES), adapter: z.string() }),
  /** Compilation and the first step, after which nothing is left to compile. */
  z.object({ kind: z.literal('ready'), ...cell, milliseconds }),
  z.object({
    kind: z.literal('turn'),
    ...cell,
    round: z.int().nonnegative(),
    steps: z.int().positive(),
    milliseconds,
  }),
  z.object({ kind: z.literal('failed'), ...cell, reason: z.string() }),
  z.object({
    kind: z.literal('profiled'),
    network: z.enum(NETWORK_NAMES),
    /** Of one step, in the order of execution. */
    kernels: z.array(z.object({ label: z.string(), milliseconds, flops: z.number(), bytes: z.number() })),
  }),
])
export type BenchEvent = z.infer<typeof benchEventSchema>
