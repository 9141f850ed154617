// Collects a program's works while it is lowered: where each value lies, and what each stage computes.
import type { Graph } from '../../../network/graph.ts'
import { type Operation, type Program, type Value, valueOf, type ValueId } from '../../compiler/program.ts'
import type { CompileOptions } from '../../engine.ts'
import type { Arguments, KernelName } from '../kernels.ts'
import {
  type FlatTensors,
  imageLayout,
  INPUT_CHANNELS,
  type ImageLayout,
  inLanes,
  STRETCH_BYTES,
  tensorNamed,
} from '../memory/layout.ts'
import type { NetworkLayout } from '../memory/network-layout.ts'
import { stagesOf } from './stages.ts'
import {
  type Argument,
  type AreaName,
  type Call,
  callOf,
  type Pointer,
  type Stage,
  type Tensor,
  type Work,
} from './work.ts'

export type LoweringContext = Pick<
  CompileOptions,
  'optimiser' | 'labelSmoothing' | 'normalisation' | 'whitening' | 'dropoutSeed'
> & {
  readonly graph: Graph
  readonly layout: NetworkLayout
  /** Images of a batch at most. */
  readonly batch: number
}

/** Where a value's images lie: their first pixel, and how. */
export type Images = { readonly at: Pointer; readonly layout: ImageLayout }

type About = { readonly label?: string; readonly flops?: number }

export type Lowering = {
  readonly context: LoweringContext
  readonly program: Program
  readonly value: (id: ValueId) => Value
  readonly images: (id: ValueId) => Images
  /** Memory for values by channel. */
  readonly channels: (id: ValueId, rows: number) => Pointer
  /** Images of a chunk in the stage of an operation, and how many chunks there are. */
  readonly chunks: (operation: Operation) => Chunks
  /** Adds a kernel to what the chunks of an operation's stage do, behind those that are there. */
  readonly emit: <Kernel extends KernelName>(
    operation: Operation,
    kernel: Kernel,
    args: Arguments<Kernel, Argument>,
    about?: About,
  ) => void
  /** Adds a kernel that is run once, when the chunks of the operation's stage are done. */
  readonly finish: <Kernel extends KernelName>(
    operation: Operation,
    kernel: Kernel,
    args: Arguments<Kernel, Argument>,
  ) => void
  /** Adds a work of its own, `stages` behind an operation's. */
  readonly spread: (operation: Operation, stages: number, work: WorkOfUnits) => void
  /** Adds a work in a stage of its own, behind all that there are. */
  readonly append: (work: WorkOfUnits) => void
  readonly shared: (bytes: number, label: string) => Pointer
  /** What one kernel of an image work leaves for itself or the next, in each thread's own memory. */
  readonly own: (bytes: number, label: string) => Pointer
  readonly table: (words: readonly number[]) => Pointer
  readonly area: (name: AreaName, offset?: number) => Pointer
  readonly parameter: (name: string) => Pointer
  readonly gradient: (name: string) => Pointer
  readonly statistic: (name: string) => Pointer
  readonly end: () => Stage[]
}

type WorkOfUnits = Pick<Work, 'units' | 'chunkUnits'> & { readonly calls: readonly Call[] }

type Chunks = { readonly images: number; readonly count: number }

/** Of a value in a chunk: what two or three of them need fits into a core's own cache. */
const CHUNK_BYTES = 2 ** 16
/** Chunks of a stage at least, where there are so many images: work for as many threads. */
const LEAST_CHUNKS = 16

export function createLowering(program: Program, context: LoweringContext): Lowering {
  const { batch, layout } = context
  const stageOf = stagesOf(program)
  const places = placeImages(program)
  const chunkImages = chunkSizes(program, stageOf, places, batch)
  const channelTensors = new Map<ValueId, Pointer>()
  const areas = new Map<AreaName, Tensor>()
  const stages: Stage[] = []
  const imageWorks = new Map<number, Work>()

  const stageAt = (index: number): Stage => {
    while (stages.length <= index) stages.push({ works: [] })
    return stages[index] ?? { works: [] }
  }
  const indexOf = (operation: Operation): number => stageOf.get(operation) ?? stages.length
  const chunksAt = (stage: number): Chunks => {
    const images = chunkImages.get(stage) ?? batch
    return { images, count: Math.ceil(batch / images) }
  }
  const imageWorkOf = (operation: Operation): Work => {
    const stage = indexOf(operation)
    const known = imageWorks.get(stage)
    if (known) return known
    const { images, count } = chunksAt(stage)
    const work: Work = { units: 'images', chunkUnits: images, chunks: count, calls: [], finish: [] }
    imageWorks.set(stage, work)
    stageAt(stage).works.unshift(work)
    return work
  }
  const addWork = (stage: number, { units, chunkUnits, calls }: WorkOfUnits): void => {
    const chunks = Math.ceil((units === 'images' ? batch : units) / chunkUnits)
    stageAt(stage).works.push({ units, chunkUnits, chunks, calls: [...calls], finish: [] })
  }
  const area = (name: AreaName, offset = 0): Pointer => {
    const tensor = areas.get(name) ?? { kind: 'lasting', area: name }
    areas.set(name, tensor)
    return { tensor, offset }
  }
  const within = (name: AreaName, tensors: FlatTensors) => (tensor: string) =>
    area(name, tensorNamed(tensors, tensor).offset)

  return {
    context,
    program,
    value: (id) => valueOf(program, id),
    images(id) {
      const found = places.get(id)
      if (!found) throw new Error(`value ${id} has no place`)
      return { at: { tensor: found.tensor, offset: found.layout.inside }, layout: found.layout }
    },
    channels(id, rows) {
      const known = channelTensors.get(id)
      if (known) return known
      const { shape, label } = valueOf(program, id)
      const tensor: Tensor = { kind: 'shared', label, bytes: rows * inLanes(shape.channels) * 4 }
      const pointer = { tensor, offset: 0 }
      channelTensors.set(id, pointer)
      return pointer
    },
    chunks: (operation) => chunksAt(indexOf(operation)),
    emit: (operation, kernel, args, about) =>
      void imageWorkOf(operation).calls.push(callOf(kernel, args, about)),
    finish: (operation, kernel, args) => void imageWorkOf(operation).finish.push(callOf(kernel, args)),
    spread: (operation, later, work) => addWork(indexOf(operation) + later, work),
    append: (work) => addWork(stages.length, work),
    shared: (bytes, label) => ({ tensor: { kind: 'shared', label, bytes }, offset: 0 }),
    own: (bytes, label) => ({ tensor: { kind: 'own', label, bytes }, offset: 0 }),
    table: (words) => ({ tensor: { kind: 'table', words }, offset: 0 }),
    area,
    parameter: within('parameters', layout.parameters),
    gradient: within('gradients', layout.parameters),
    statistic: within('statistics', layout.statistics),
    end: () => stages.filter(({ works }) => works.length > 0),
  }
}

/** Units of a work over stretches of parameters. */
export const stretches = (bytes: number): number => Math.ceil(bytes / STRETCH_BYTES)

type PlacedImages = { readonly tensor: Tensor; readonly layout: ImageLayout }

/** A gradient that is added to another lies where that lies. Whatever a 3×3 convolution reads has a border. */
function placeImages({ values, operations }: Program): Map<ValueId, PlacedImages> {
  const root = new Map<ValueId, ValueId>()
  const rootOf = (id: ValueId): ValueId => root.get(id) ?? id
  const bordered = new Set<ValueId>()
  const decoded = new Set<ValueId>()
  const areas = new Map<ValueId, AreaName>()
  for (const operation of operations) {
    if ('addend' in operation.reads && operation.reads.addend !== undefined && 'dx' in operation.writes) {
      root.set(operation.writes.dx, rootOf(operation.reads.addend))
    }
    if (operation.op === 'decode') decoded.add(operation.writes.y)
    if (operation.op === 'output') {
      areas.set(operation.reads.features, 'features')
      areas.set(operation.reads.logits, 'logits')
    }
    for (const id of readsOfNeighbours(operation)) bordered.add(id)
  }
  for (const id of bordered) bordered.add(rootOf(id))
  const places = new Map<ValueId, PlacedImages>()
  for (const { id, kind, shape, label } of values) {
    if (kind !== 'images') continue
    const known = places.get(rootOf(id))
    if (known) {
      places.set(id, known)
      continue
    }
    const channels = decoded.has(id) ? INPUT_CHANNELS : inLanes(shape.channels)
    const layout = imageLayout(shape, channels, bordered.has(id) ? 1 : 0)
    const area = areas.get(id)
    const tensor: Tensor = area ? { kind: 'lasting', area } : { kind: 'images', label, bytes: layout.image }
    const place = { tensor, layout }
    places.set(id, place)
    places.set(rootOf(id), place)
  }
  return places
}

function readsOfNeighbours(operation: Operation): ValueId[] {
  switch (operation.op) {
    case 'conv2d':
    case 'conv2dWeightGradient':
      return operation.kernel === 3 ? [operation.reads.x] : []
    case 'conv2dInputGradient':
      return operation.kernel === 3 ? [operation.reads.dy] : []
    default:
      return []
  }
}

function chunkSizes(
  { operations }: Program,
  stageOf: ReadonlyMap<Operation, number>,
  places: ReadonlyMap<ValueId, PlacedImages>,
  batch: number,
): Map<number, number> {
  const largest = new Map<number, number>()
  for (const operation of operations) {
    const stage = stageOf.get(operation) ?? 0
    for (const id of [
      ...Object.values<ValueId>(operation.reads),
      ...Object.values<ValueId>(operation.writes),
    ]) {
      const bytes = places.get(id)?.layout.image ?? 0
      largest.set(stage, Math.max(largest.get(stage) ?? 0, bytes))
    }
  }
  const most = Math.ceil(batch / LEAST_CHUNKS)
  return new Map(
    [...largest].map(([stage, bytes]) => [
      stage,
      Math.max(1, Math.min(most, Math.round(CHUNK_BYTES / Math.max(bytes, 1)))),
    ]),
  )
}
