// What a session needs of the world around it.
import type { DataSetId, Split } from '../base/data-set.ts'
import type { TrainEvent } from '../contract/events.ts'
import type { ImageSet } from '../data/image-set.ts'
import type { Engine } from '../engine/engine.ts'
import type { KeptCheckpoint } from './checkpoint.ts'
import type { Whiten } from './whitening/compute-whitening.ts'

export type SessionPorts = {
  /** The engine; another one than `failed`, which computes nothing right any more. */
  readonly engine: (failed: Engine | null) => Promise<Engine>
  readonly loadImages: (set: DataSetId, split: Split, limit: number | null) => Promise<ImageSet>
  /** The matrix that whitens a run's images. Two runs of one order get one matrix. */
  readonly whiten: Whiten
  readonly emit: (event: TrainEvent) => void
  /** Stores what would be lost with the process: the runs that still train, all at the same step. */
  readonly keep?: (checkpoints: readonly KeptCheckpoint[]) => Promise<void>
  /** Milliseconds since 1970: for records. It jumps where somebody sets the machine's clock. */
  readonly now: () => number
  /** Milliseconds that never go back or jump: for durations. */
  readonly elapsed: () => number
  /** Gives the event loop a turn, so that commands are heard. */
  readonly yieldToEventLoop: () => Promise<void>
}
