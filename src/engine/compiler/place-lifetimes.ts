// Where things of known lifetimes lie: a few large arenas, in which those that never live together share bytes.

/** Bytes that are needed from moment `first` to moment `last`, both included. */
export type Lifetime = {
  readonly bytes: number
  readonly first: number
  readonly last: number
  /** Other lifetimes, by index, that must lie in other arenas. */
  readonly apart: ReadonlySet<number>
}

type ArenaRange = { readonly arena: number; readonly offset: number }

export type Places = {
  /** By lifetime. */
  readonly places: readonly ArenaRange[]
  /** Largest first. */
  readonly arenaBytes: readonly number[]
}

/** Offsets are multiples of this: `minStorageBufferOffsetAlignment` and `minUniformBufferOffsetAlignment` are at most so. */
const OFFSET_ALIGNMENT = 256

export const aligned = (bytes: number): number => Math.ceil(bytes / OFFSET_ALIGNMENT) * OFFSET_ALIGNMENT

type Placed = {
  readonly index: number
  readonly lifetime: Lifetime
  readonly offset: number
  readonly end: number
}

/**
 * Places by size, largest first, each where it makes its arena grow least (greedy by size, arXiv:2001.03288).
 * @param maxBytes of an arena
 */
export function placeLifetimes(lifetimes: readonly Lifetime[], maxBytes: number): Places {
  const arenas: Placed[][] = []
  const places: ArenaRange[] = lifetimes.map(() => ({ arena: 0, offset: 0 }))
  const bySize = [...lifetimes.entries()].toSorted(([, a], [, b]) => b.bytes - a.bytes || a.first - b.first)
  for (const [index, lifetime] of bySize) {
    const { arena, offset } = bestPlace(arenas, lifetime, maxBytes)
    const placed = { index, lifetime, offset, end: offset + aligned(lifetime.bytes) }
    arenas[arena] = [...(arenas[arena] ?? []), placed]
    places[index] = { arena, offset }
  }
  return largestFirst(places, arenas.map(sizeOf))
}

function largestFirst(places: readonly ArenaRange[], arenaBytes: readonly number[]): Places {
  const order = [...arenaBytes.keys()].toSorted((a, b) => (arenaBytes[b] ?? 0) - (arenaBytes[a] ?? 0))
  return {
    places: places.map(({ arena, offset }) => ({ arena: order.indexOf(arena), offset })),
    arenaBytes: order.map((arena) => arenaBytes[arena] ?? 0),
  }
}

const sizeOf = (arena: readonly Placed[]): number => arena.reduce((most, { end }) => Math.max(most, end), 0)

function bestPlace(arenas: readonly Placed[][], lifetime: Lifetime, maxBytes: number): ArenaRange {
  let best: (ArenaRange & { growth: number }) | null = null
  for (const [arena, placed] of arenas.entries()) {
    if (placed.some((other) => lifetime.apart.has(other.index))) continue
    const offset = lowestGap(placed, lifetime)
    const end = offset + aligned(lifetime.bytes)
    const growth = Math.max(0, end - sizeOf(placed))
    if (end <= maxBytes && (best === null || growth < best.growth)) best = { arena, offset, growth }
  }
  return best ?? { arena: arenas.length, offset: 0 }
}

/** The lowest offset at which it overlaps none of those that live when it lives. */
function lowestGap(arena: readonly Placed[], { bytes, first, last }: Lifetime): number {
  const needed = aligned(bytes)
  const living = arena
    .filter(({ lifetime }) => lifetime.first <= last && first <= lifetime.last)
    .toSorted((a, b) => a.offset - b.offset)
  let offset = 0
  for (const other of living) {
    if (offset + needed <= other.offset) break
    offset = Math.max(offset, other.end)
  }
  return offset
}
