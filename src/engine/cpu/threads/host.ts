// What the CPU engine needs of the place it runs in.
import type { ThreadRequest } from './thread-messages.ts'

/** With fused multiply-add, and without for where that is not known. */
export const MODULES = ['relaxed', 'plain'] as const
export type ModuleName = (typeof MODULES)[number]

export type CpuHost = {
  /** A module's bytes. */
  readonly load: (module: ModuleName) => Promise<BufferSource>
  /** Null where threads cannot share memory. */
  readonly startThread: (() => Thread) | null
}

export type Thread = {
  readonly postMessage: (request: ThreadRequest) => void
  /** Told of every message, which is not checked yet. */
  readonly onMessage: (listener: (message: unknown) => void) => void
  /** Told once, why the thread has ended although nobody terminated it. */
  readonly onDeath: (listener: (reason: string) => void) => void
  readonly terminate: () => void
}
