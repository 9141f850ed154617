// Where each tensor lies: a few large buffers (arenas), in which tensors whose lifetimes do not overlap share bytes.
import { AppError } from '../../contract/app-error.ts'
import { type Dispatch, type Lowered, operandOf, type Tensor, type TensorId } from './dispatch.ts'

/** `minStorageBufferOffsetAlignment` and `minUniformBufferOffsetAlignment` are at most this by default. */
const OFFSET_ALIGNMENT = 256

type Place = { readonly arena: number; readonly offset: number }

export type MemoryPlan = {
  /** By tensor. */
  readonly places: readonly Place[]
  /** Largest first. */
  readonly arenaBytes: readonly number[]
}

export type MemoryLimits = Pick<GPUSupportedLimits, 'maxBufferSize' | 'maxStorageBufferBindingSize'>

/** Dispatches, first and last, that a tensor must survive, and the tensors that must lie in other arenas. */
type Lifetime = {
  readonly tensor: Tensor
  readonly first: number
  readonly last: number
  readonly apart: ReadonlySet<TensorId>
}

type Placed = { readonly lifetime: Lifetime; readonly offset: number; readonly end: number }

/**
 * Places tensors by size, largest first, each where it makes its arena grow least (greedy by size, arXiv:2001.03288).
 * What a dispatch reads and what it writes lie in different arenas, because WebGPU counts the use of whole buffers.
 * @throws AppError `config-invalid` where one tensor exceeds what the device can bind
 */
export function planMemory({ tensors, dispatches }: Lowered, limits: MemoryLimits): MemoryPlan {
  const arenas: Placed[][] = []
  const places: Place[] = tensors.map(() => ({ arena: 0, offset: 0 }))
  const lifetimes = lifetimesOf(tensors, dispatches).toSorted(
    (a, b) => b.tensor.bytes - a.tensor.bytes || a.first - b.first,
  )
  for (const lifetime of lifetimes) {
    assertBindable(lifetime.tensor, limits)
    const { arena, offset } = bestPlace(arenas, lifetime, limits.maxBufferSize)
    const placed = { lifetime, offset, end: offset + aligned(lifetime.tensor.bytes) }
    arenas[arena] = [...(arenas[arena] ?? []), placed]
    places[lifetime.tensor.id] = { arena, offset }
  }
  return largestFirst(places, arenas.map(sizeOf))
}

function largestFirst(places: readonly Place[], arenaBytes: readonly number[]): MemoryPlan {
  const order = [...arenaBytes.keys()].toSorted((a, b) => (arenaBytes[b] ?? 0) - (arenaBytes[a] ?? 0))
  return {
    places: places.map(({ arena, offset }) => ({ arena: order.indexOf(arena), offset })),
    arenaBytes: order.map((arena) => arenaBytes[arena] ?? 0),
  }
}

export const aligned = (bytes: number): number => Math.ceil(bytes / OFFSET_ALIGNMENT) * OFFSET_ALIGNMENT

const sizeOf = (arena: readonly Placed[]): number => arena.reduce((most, { end }) => Math.max(most, end), 0)

function bestPlace(arenas: readonly Placed[][], lifetime: Lifetime, maxBytes: number): Place {
  let best: (Place & { growth: number }) | null = null
  for (const [arena, placed] of arenas.entries()) {
    if (placed.some((other) => lifetime.apart.has(other.lifetime.tensor.id))) continue
    const offset = lowestGap(placed, lifetime)
    const end = offset + aligned(lifetime.tensor.bytes)
    const growth = Math.max(0, end - sizeOf(placed))
    if (end <= maxBytes && (best === null || growth < best.growth)) best = { arena, offset, growth }
  }
  return best ?? { arena: arenas.length, offset: 0 }
}

/** The lowest offset at which a tensor overlaps none of those that live when it lives. */
function lowestGap(arena: readonly Placed[], { tensor, first, last }: Lifetime): number {
  const bytes = aligned(tensor.bytes)
  const living = arena
    .filter(({ lifetime }) => lifetime.first <= last && first <= lifetime.last)
    .toSorted((a, b) => a.offset - b.offset)
  let offset = 0
  for (const other of living) {
    if (offset + bytes <= other.offset) break
    offset = Math.max(offset, other.end)
  }
  return offset
}

function lifetimesOf(tensors: readonly Tensor[], dispatches: readonly Dispatch[]): Lifetime[] {
  const uses = dispatches.map(usesOf)
  const apart = tensors.map(() => new Set<TensorId>())
  const range = tensors.map(() => ({ first: Number.POSITIVE_INFINITY, last: -1 }))
  for (const [at, { reads, writes }] of uses.entries()) {
    for (const id of [...reads, ...writes]) {
      range[id] = { first: Math.min(range[id]?.first ?? at, at), last: at }
    }
    for (const read of reads) {
      for (const write of writes) {
        apart[read]?.add(write)
        apart[write]?.add(read)
      }
    }
  }
  return tensors.map((tensor) => {
    const { first, last } = range[tensor.id] ?? { first: 0, last: -1 }
    if (last < 0) throw new Error(`no dispatch uses ${tensor.label}`)
    return { tensor, first, last, apart: apart[tensor.id] ?? new Set() }
  })
}

function usesOf(dispatch: Dispatch): { reads: TensorId[]; writes: TensorId[] } {
  const reads: TensorId[] = []
  const writes: TensorId[] = []
  for (const { name, access } of dispatch.kernel.bindings) {
    if (name === 'dims') continue
    const operand = operandOf(dispatch, name)
    if ('tensor' in operand) (access === 'read-write' ? writes : reads).push(operand.tensor)
  }
  return { reads, writes }
}

function assertBindable({ label, bytes }: Tensor, limits: MemoryLimits): void {
  const most = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize)
  if (bytes <= most) return
  throw new AppError(
    'config-invalid',
    `The ${label} takes ${mebibytes(bytes)} MiB, and this graphics device binds at most ${mebibytes(most)} MiB at once; choose a smaller batch or a smaller width.`,
  )
}

const mebibytes = (bytes: number) => Math.ceil(bytes / 2 ** 20)
