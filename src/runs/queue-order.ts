// The queue of sessions, as plain data: which wait, in which order, and how the order changes.
import type { RunEntry } from '../contract/run-record.ts'

export type QueuedSession = {
  readonly session: string
  /** Those that are to be trained side by side, A before B. */
  readonly runs: readonly RunEntry[]
  /** In training, or interrupted; it comes before those that wait. */
  readonly isBegun: boolean
}

/** The sessions of the queue, the next first. */
export function queueOf(entries: readonly RunEntry[]): QueuedSession[] {
  const queued = entries
    .filter(({ place, deletedAt }) => place !== null && deletedAt === null)
    .toSorted((one, other) => (one.run < other.run ? -1 : 1))
  return [...new Set(queued.map(({ session }) => session))]
    .map((session) => {
      const runs = queued.filter((entry) => entry.session === session)
      return { session, runs, isBegun: runs.some(({ state }) => state !== 'queued') }
    })
    .toSorted(
      (one, other) =>
        Number(other.isBegun) - Number(one.isBegun) ||
        placeOf(one) - placeOf(other) ||
        (one.session < other.session ? -1 : 1),
    )
}

/** The place behind all that wait. */
export function lastPlace(queue: readonly QueuedSession[]): number {
  return Math.max(0, ...queue.map((queued) => placeOf(queued) + 1))
}

/**
 * The places of all sessions that wait once one of them is put before another, or last where `before` is null. None
 * where either of them does not wait any more.
 */
export function placesAfterMove(
  queue: readonly QueuedSession[],
  session: string,
  before: string | null,
): ReadonlyMap<string, number> {
  const waiting = queue.filter(({ isBegun }) => !isBegun)
  const [first] = waiting
  const others = waiting.map((queued) => queued.session).filter((other) => other !== session)
  const to = before === null ? others.length : others.indexOf(before)
  if (!first || others.length === waiting.length || to < 0) return new Map()
  const from = placeOf(first)
  return new Map(others.toSpliced(to, 0, session).map((moved, i) => [moved, from + i]))
}

const placeOf = ({ runs }: QueuedSession): number => runs[0]?.place ?? 0
