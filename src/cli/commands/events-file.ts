// The TensorBoard events of a run, in its folder. Records are appended as the run reports, so that TensorBoard can follow
// it; a run that is resumed begins another file, and TensorBoard joins them.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunConfig } from '../../config/run-config.ts'
import type { TrainEvent } from '../../contract/events.ts'
import {
  endRecord,
  epochRecord,
  eventsFileHead,
  eventsFileName,
  hyperparametersRecord,
  restartRecord,
  stepRecord,
} from '../../transfer/tfevents.ts'
import { unwritable } from './output-files.ts'

export type EventsFile = {
  /** @throws AppError `storage-failed` */
  hear(event: TrainEvent): void
  /** None before the first step. */
  paths(): string[]
}

type Begin = {
  readonly config: RunConfig
  /** Steps taken before: what an earlier file says of those after them counts no more. */
  readonly steps: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export function createEventsFile(folder: string, { config, steps, now }: Begin): EventsFile {
  const path = join(folder, eventsFileName(now(), 'residual-lab'))
  let isBegun = false

  function append(records: readonly Uint8Array[]): void {
    try {
      appendFileSync(path, Buffer.concat(records))
    } catch (cause) {
      throw unwritable(path, cause)
    }
  }

  function begin(): void {
    if (isBegun) return
    isBegun = true
    const at = now()
    append([
      eventsFileHead(at),
      ...(steps > 0 ? [restartRecord(steps + 1, at)] : []),
      hyperparametersRecord(config, at),
    ])
  }

  return {
    hear(event) {
      switch (event.kind) {
        case 'steps':
          begin()
          return append(event.points.map((point) => stepRecord(point, now())))
        case 'epoch':
          begin()
          return append([epochRecord(event, event.at)])
        case 'rewound':
          return isBegun ? append([restartRecord(event.step + 1, now())]) : undefined
        case 'session':
          if (!isBegun || (event.state !== 'finished' && event.state !== 'failed')) return
          return append([endRecord(event.state === 'failed', now())])
        default:
      }
    },
    paths: () => (isBegun ? [path] : []),
  }
}
