// What the page is told of each data set: every change of state at once, progress a few times a second.
import type { DataSetId } from '../base/data-set.ts'
import { absentDataSet, type DataSetStatus } from '../contract/events.ts'

const MS_BETWEEN_EMITS = 250
/** The speed is that of these last milliseconds, and unknown before the shorter ones. */
const SPEED_WINDOW_MS = 5_000
const SPEED_LEAST_MS = 500

export type StatusBoard = {
  status(set: DataSetId): DataSetStatus
  /** Changes a status and says so. */
  show(set: DataSetId, change: Partial<DataSetStatus>): void
  progress(set: DataSetId, bytes: number, totalBytes: number | null): void
}

export function createStatusBoard(emit: (status: DataSetStatus) => void, elapsed: () => number): StatusBoard {
  const entries = new Map<DataSetId, { status: DataSetStatus; emittedAt: number; samples: Sample[] }>()

  function entryOf(set: DataSetId) {
    const entry = entries.get(set) ?? { status: absentDataSet(set), emittedAt: -Infinity, samples: [] }
    entries.set(set, entry)
    return entry
  }

  function show(set: DataSetId, change: Partial<DataSetStatus>): void {
    const entry = entryOf(set)
    // Another state is another measure of bytes, and a speed of its own.
    if (change.state !== undefined) entry.samples = []
    entry.status = { ...entry.status, ...change, bytesPerSecond: bytesPerSecond(entry.samples) }
    entry.emittedAt = elapsed()
    emit(entry.status)
  }

  return {
    status: (set) => entryOf(set).status,
    show,
    progress(set, bytes, totalBytes) {
      const entry = entryOf(set)
      if (elapsed() - entry.emittedAt < MS_BETWEEN_EMITS) return
      entry.samples = [...entry.samples, { at: elapsed(), bytes }].filter(
        ({ at }) => at >= elapsed() - SPEED_WINDOW_MS,
      )
      show(set, { bytes, totalBytes })
    },
  }
}

type Sample = { readonly at: number; readonly bytes: number }

function bytesPerSecond(samples: readonly Sample[]): number | null {
  const [first, last] = [samples.at(0), samples.at(-1)]
  if (!first || !last || last.at - first.at < SPEED_LEAST_MS) return null
  return ((last.bytes - first.bytes) * 1000) / (last.at - first.at)
}
