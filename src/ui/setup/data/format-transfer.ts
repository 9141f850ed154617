import type { StoredDataSet, Transfer } from '../../../contract/events.ts'
import { bytes, bytesPerSecond, duration } from '../../foundation/controls/quantities.ts'

export type TransferText = {
  readonly what: string
  /** "84.2 MB of 170.1 MB" */
  readonly done: string
  readonly speed: string | null
  /** "0:00:16 left" */
  readonly left: string | null
}

/** A download or an unpacking in words; nothing is guessed that is not known. */
export function formatTransfer(state: StoredDataSet['state'], transfer: Transfer): TransferText {
  const { bytes: doneBytes, totalBytes, bytesPerSecond: speed } = transfer
  const moving = state !== 'paused' && speed !== null && speed > 0
  return {
    what: state === 'unpacking' ? 'Unpacking' : state === 'paused' ? 'Paused at' : 'Downloading',
    done: totalBytes === null ? bytes(doneBytes) : `${bytes(doneBytes)} of ${bytes(totalBytes)}`,
    speed: moving ? bytesPerSecond(speed) : null,
    left: moving && totalBytes !== null ? `${duration((totalBytes - doneBytes) / speed)} left` : null,
  }
}
