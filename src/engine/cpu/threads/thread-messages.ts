// What the engine and its threads say to one another.
import { z } from 'zod'

export type ThreadRequest =
  /** The kernels, and the thread's number from 0. */
  | { readonly kind: 'begin'; readonly module: WebAssembly.Module }
  /** A network's memory, and where in it this thread's own part begins. */
  | {
      readonly kind: 'attach'
      readonly network: number
      readonly memory: WebAssembly.Memory
      readonly own: number
    }
  | { readonly kind: 'detach'; readonly network: number }
  | ({ readonly kind: 'run'; readonly network: number } & Run)

/** Stages of a program, from `first` up to `end`. */
export type Run = {
  /** Address of the stages' table. */
  readonly stages: number
  readonly first: number
  readonly end: number
  readonly threads: number
  /** Where the thread adds up the times of its kernels; 0 for nowhere. */
  readonly times: number
}

export const threadReplySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done') }),
  /** Whether the thread has a network's memory now, or found no room for what it needs besides. */
  z.object({ kind: z.literal('attached'), network: z.number(), refusal: z.string().nullable() }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
])
export type ThreadReply = z.infer<typeof threadReplySchema>
