// Of every preset, with and without identity: tensors that are needed at the same time never share bytes.
import { describe, expect, test } from 'vitest'
import { buildGraph } from '../../network/build-graph.ts'
import { PRESETS } from '../../presets/presets.ts'
import { initialState } from '../../training/initialise.ts'
import { differentiate } from '../compiler/differentiate.ts'
import { inferenceProgram } from '../compiler/forward.ts'
import { fuse } from '../compiler/fuse.ts'
import { lower } from './lowering/lower.ts'
import { networkLayout } from './memory/network-layout.ts'
import { createNetworkMemory } from './memory/network-memory.ts'
import { PAGE_BYTES, planNetwork } from './network-plan.ts'
import { type PlacedProgram, placeTensors } from './memory/place-tensors.ts'
import { narrowed, trainingOptions } from '../../testing/cpu-engine/test-networks.ts'
import type { Call, Stage, Tensor, Work } from './lowering/work.ts'

const BATCH = 5
const VARIANTS = PRESETS.flatMap(({ id, config }) =>
  [true, false].map((identity) => ({
    name: `${id} ${identity ? 'with' : 'without'} identity`,
    graph: () => buildGraph({ ...config, network: { ...config.network, identity } }),
    options: {
      ...config,
      batchSize: BATCH,
      normalisation: { kind: 'image-mean' },
      whitening: null,
      dropoutSeed: 1,
    },
  })),
)

function tensorsOf({ args }: Call): Tensor[] {
  return Object.values(args).flatMap((value) => (typeof value === 'number' ? [] : [value.tensor]))
}
const isPlaced = ({ kind }: Tensor) => kind === 'images' || kind === 'shared'
const callsOf = ({ calls, finish }: Work) => [...calls, ...finish]
const placedOf = (calls: readonly Call[]) => new Set(calls.flatMap(tensorsOf).filter(isPlaced))

type Span = { readonly tensor: Tensor; readonly from: number; readonly to: number }

/** The bytes of tensors in one memory, of so many images each, from the lowest on. */
function spans({ places }: PlacedProgram, tensors: Iterable<Tensor>, images: number): Span[] {
  return [...tensors]
    .map((tensor) => {
      const from = places.get(tensor)?.offset ?? Number.NaN
      const bytes = 'bytes' in tensor ? tensor.bytes * (tensor.kind === 'images' ? images : 1) : Number.NaN
      return { tensor, from, to: from + bytes }
    })
    .toSorted((a, b) => a.from - b.from)
}

const overlaps = (sorted: readonly Span[]) =>
  sorted.filter(({ from }, i) => i > 0 && !(from >= (sorted[i - 1]?.to ?? Number.NaN)))

/** For each moment the things that are used then, or before and after. */
function alive<T>(moments: readonly ReadonlySet<T>[]): Set<T>[] {
  const last = new Map<T, number>()
  for (const [moment, used] of moments.entries()) for (const thing of used) last.set(thing, moment)
  let living = new Set<T>()
  return moments.map((used, moment) => {
    living = new Set([...living, ...used].filter((thing) => (last.get(thing) ?? 0) >= moment))
    return living
  })
}

/** What is wrong with a placed program; empty where nothing is. */
function faults(placed: PlacedProgram): string[] {
  const { stages, places, arenaBytes, ownBytes } = placed
  const found: string[] = []
  const isOwn = (tensor: Tensor) => places.get(tensor)?.memory === 'own'
  const used = stages.map(({ works }) => placedOf(works.flatMap(callsOf)))
  for (const [index, living] of alive(used).entries()) {
    const arena = spans(
      placed,
      [...living].filter((tensor) => !isOwn(tensor)),
      BATCH,
    )
    if (overlaps(arena).length > 0) found.push(`stage ${index}: tensors of the arena share bytes`)
    if (arena.some(({ to }) => !(to <= arenaBytes))) found.push(`stage ${index}: the arena is too small`)
    found.push(...ownFaults(placed, stages[index], isOwn).map((fault) => `stage ${index}: ${fault}`))
  }
  const inStages = new Map<Tensor, number>()
  for (const tensors of used)
    for (const tensor of tensors) inStages.set(tensor, (inStages.get(tensor) ?? 0) + 1)
  for (const [tensor, count] of inStages)
    if (isOwn(tensor) && count > 1) found.push('an own tensor in two stages')
  if (!(ownBytes >= 0)) found.push('no own bytes')
  return found
}

function ownFaults(
  placed: PlacedProgram,
  stage: Stage | undefined,
  isOwn: (tensor: Tensor) => boolean,
): string[] {
  const found: string[] = []
  const seen = new Set<Tensor>()
  for (const work of stage?.works ?? []) {
    const tensors = placedOf(callsOf(work))
    // Works of one stage are done at once.
    if ([...tensors].some((tensor) => seen.has(tensor))) found.push('two works use one tensor')
    for (const tensor of tensors) seen.add(tensor)
    if ([...placedOf(work.finish)].some(isOwn)) found.push('what finishes a work reads a thread’s own memory')
    if (work.units !== 'images' && [...tensors].some(isOwn)) found.push('an own tensor of no images')
    for (const living of alive(work.calls.map((call) => placedOf([call])))) {
      const own = spans(placed, [...living].filter(isOwn), work.chunkUnits)
      if (overlaps(own).length > 0) found.push('a thread’s own tensors share bytes')
      if (own.some(({ to }) => !(to <= placed.ownBytes))) found.push('a thread’s own memory is too small')
    }
  }
  return found
}

describe('of all presets', () => {
  test('there are 28, each with and without identity', () => {
    expect(VARIANTS).toHaveLength(56)
  })

  test.each(VARIANTS)(
    '$name has bytes of its own for each tensor while it is needed',
    ({ graph: build, options }) => {
      const graph = build()
      const given = { ...options, normalisation: { kind: 'image-mean' } as const }
      const layout = networkLayout(graph, given, BATCH, true)
      for (const program of [fuse(differentiate(graph)), fuse(inferenceProgram(graph))]) {
        const stages = lower(program, { ...given, graph, layout, batch: BATCH })
        expect(faults(placeTensors(stages, BATCH))).toEqual([])
      }
    },
  )
})

test('the check of places finds tensors that share bytes', () => {
  const graph = narrowed('akamaster-20', 4, 1)
  const options = { ...trainingOptions(BATCH, initialState(graph, 1)), batchSize: BATCH }
  const layout = networkLayout(graph, options, BATCH, true)
  const stages = lower(fuse(differentiate(graph)), { ...options, graph, layout, batch: BATCH })
  const placed = placeTensors(stages, BATCH)
  const [first, second] = [...placed.places].filter(([, { memory }]) => memory === 'arena')
  if (!first || !second) throw new Error('there are tensors')
  const places = new Map([...placed.places].map(([tensor, place]) => [tensor, { ...place, offset: 0 }]))
  expect(faults({ ...placed, places })).not.toEqual([])
  expect(faults({ ...placed, arenaBytes: 0 })).not.toEqual([])
})

describe.each([
  { preset: 'akamaster-20', batch: 5, threads: 1 },
  { preset: 'akamaster-20', batch: 200, threads: 4 },
  { preset: 'iavicenna-14', batch: 17, threads: 3 },
  { preset: 'akamaster-56', batch: null, threads: 2 },
])('the plan of $preset for batch $batch on $threads threads', ({ preset, batch, threads }) => {
  const graph = narrowed(preset, 16)
  const options = trainingOptions(batch, initialState(graph, 1))
  const plan = planNetwork(graph, options, threads)
  const sum = Object.values(plan.bytes).reduce((total, bytes) => total + bytes, 0)

  test('says to the byte what memory it takes', () => {
    const { memory } = createNetworkMemory(plan, graph, options)
    expect(memory.buffer.byteLength).toBe(sum)
    expect(sum).toBe(plan.pages * PAGE_BYTES)
    expect(Object.values(plan.bytes).every((bytes) => bytes >= 0)).toBe(true)
  })

  test('has all its parts inside that memory', () => {
    const { training, evaluation, own, times } = plan
    const ends = [
      ...(training ? [training.address + training.words.byteLength] : []),
      evaluation.address + evaluation.words.byteLength,
      own.address + own.bytes * threads,
      times.address + times.bytes * threads,
    ]
    expect(Math.max(...ends)).toBeLessThanOrEqual(sum)
  })

  test('has a step where there is a batch', () => {
    expect(plan.training === null).toBe(batch === null)
    expect(plan.bytes.gradients > 0).toBe(batch !== null)
  })
})
