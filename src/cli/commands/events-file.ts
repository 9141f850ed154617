// The TensorBoard events of a run, in its folder. Records are appended, so that TensorBoard can follow a run under way; a
// run that is resumed begins another file, and TensorBoard joins them.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { epochRecord, type EpochScalars, eventsFileHead, eventsFileName } from '../../transfer/tfevents.ts'
import { unwritable } from './output-files.ts'

export type EventsFile = {
  /** @throws AppError `storage-failed` */
  append(epoch: EpochScalars): void
  /** None before the first epoch. */
  paths(): string[]
}

/** @param at when the run began, in milliseconds since 1970 */
export function createEventsFile(folder: string, at: number): EventsFile {
  const path = join(folder, eventsFileName(at, 'residual-lab'))
  let isBegun = false

  function append(bytes: Uint8Array): void {
    try {
      appendFileSync(path, bytes)
    } catch (cause) {
      throw unwritable(path, cause)
    }
  }

  return {
    append(epoch) {
      if (!isBegun) append(eventsFileHead(at))
      isBegun = true
      append(epochRecord(epoch))
    },
    paths: () => (isBegun ? [path] : []),
  }
}
