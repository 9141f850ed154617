import type { Engine } from '../engine/engine.ts'
import type { SessionPorts } from '../training/session-ports.ts'

/** What whoever asks for an operation hands in. */
export type OperationPorts = Pick<SessionPorts, 'loadImages' | 'whiten' | 'yieldToEventLoop'> & {
  readonly engine: Engine
  /** Told before each batch: images done, of all. */
  readonly onProgress?: (done: number, total: number) => void
}
