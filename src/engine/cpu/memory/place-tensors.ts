// Where a program's tensors lie: those of a single chunk in each thread's own memory, the others in one arena that stages
// share.
import { aligned, type Lifetime, placeLifetimes } from '../../compiler/place-lifetimes.ts'
import { type Call, type Pointer, type Stage, type Tensor, type Work } from '../lowering/work.ts'

/** Of a tensor: an offset into the arena, or into each thread's own memory. */
type TensorAddress = { readonly memory: 'arena' | 'own'; readonly offset: number }

export type PlacedProgram = {
  readonly stages: readonly Stage[]
  readonly places: ReadonlyMap<Tensor, TensorAddress>
  readonly arenaBytes: number
  readonly ownBytes: number
}

/** Stages, first and last, that use a tensor, and the calls of that stage's image work where it is only one. */
type Use = { first: number; last: number; firstCall: number; lastCall: number; isShared: boolean }

/** @param batch images at most */
export function placeTensors(stages: readonly Stage[], batch: number): PlacedProgram {
  const uses = usesOf(stages)
  const places = new Map<Tensor, TensorAddress>()
  const isOwn = ({ first, last, isShared }: Use, tensor: Tensor) =>
    tensor.kind === 'own' || (tensor.kind === 'images' && first === last && !isShared)
  const shared = [...uses].filter(([tensor, use]) => !isOwn(use, tensor))
  const arena = placeLifetimes(
    shared.map(([tensor, { first, last }]) => lifetime(bytesOf(tensor, batch), first, last)),
    Number.POSITIVE_INFINITY,
  )
  for (const [i, [tensor]] of shared.entries()) {
    places.set(tensor, { memory: 'arena', offset: arena.places[i]?.offset ?? 0 })
  }
  let ownBytes = 0
  for (const [index, stage] of stages.entries()) {
    const own = [...uses].filter(([tensor, use]) => isOwn(use, tensor) && use.first === index)
    const images = imageWorkOf(stage)?.chunkUnits ?? 0
    const placed = placeLifetimes(
      own.map(([tensor, { firstCall, lastCall }]) => lifetime(bytesOf(tensor, images), firstCall, lastCall)),
      Number.POSITIVE_INFINITY,
    )
    for (const [i, [tensor]] of own.entries()) {
      places.set(tensor, { memory: 'own', offset: placed.places[i]?.offset ?? 0 })
    }
    ownBytes = Math.max(ownBytes, placed.arenaBytes[0] ?? 0)
  }
  return { stages, places, arenaBytes: arena.arenaBytes[0] ?? 0, ownBytes: aligned(ownBytes) }
}

const NOBODY: ReadonlySet<number> = new Set()

const lifetime = (bytes: number, first: number, last: number): Lifetime => ({
  bytes,
  first,
  last,
  apart: NOBODY,
})

function bytesOf(tensor: Tensor, images: number): number {
  if (tensor.kind === 'images') return tensor.bytes * images
  return tensor.kind === 'table' || tensor.kind === 'lasting' ? 0 : tensor.bytes
}

/** A stage's work by images; there is at most one that has several kernels. */
function imageWorkOf({ works }: Stage): Work | undefined {
  return works.find(({ units }) => units === 'images')
}

function usesOf(stages: readonly Stage[]): Map<Tensor, Use> {
  const uses = new Map<Tensor, Use>()
  const note = (tensor: Tensor, stage: number, call: number | null) => {
    if (tensor.kind === 'lasting' || tensor.kind === 'table') return
    const use = uses.get(tensor) ?? {
      first: stage,
      last: stage,
      firstCall: Infinity,
      lastCall: 0,
      isShared: false,
    }
    use.last = stage
    if (call === null) use.isShared = true
    else {
      use.firstCall = Math.min(use.firstCall, call)
      use.lastCall = Math.max(use.lastCall, call)
    }
    uses.set(tensor, use)
  }
  for (const [index, stage] of stages.entries()) {
    const imageWork = imageWorkOf(stage)
    for (const work of stage.works) {
      for (const [call, { args }] of work.calls.entries()) {
        for (const { tensor } of pointersOf(args)) note(tensor, index, work === imageWork ? call : null)
      }
      for (const { args } of work.finish) {
        for (const { tensor } of pointersOf(args)) note(tensor, index, null)
      }
    }
  }
  return uses
}

function pointersOf(args: Call['args']): Pointer[] {
  return Object.values(args).filter((value) => typeof value === 'object')
}
