// Runs a program of a few operations, for tests. All memory that nobody has written holds NaN, so that a value, a border or a
// channel which a kernel forgets, or reads although nobody wrote it, shows in the result.
import type { Graph } from '../../network/graph.ts'
import { elements } from '../../network/network-facts.ts'
import { aligned } from '../../engine/compiler/place-lifetimes.ts'
import { type Program, type Value, type ValueId, valueOf } from '../../engine/compiler/program.ts'
import type { Batch, StepMetrics, TrainerState } from '../../engine/engine.ts'
import { encodeProgram } from '../../engine/cpu/encode-program.ts'
import { createInlineExecutor } from '../../engine/cpu/threads/executor.ts'
import { FLOAT_BYTES, type ImageLayout, pack, unpack } from '../../engine/cpu/memory/layout.ts'
import { createLowering } from '../../engine/cpu/lowering/lowering.ts'
import { lower } from '../../engine/cpu/lowering/lower.ts'
import { networkLayout } from '../../engine/cpu/memory/network-layout.ts'
import { createNetworkMemory, type StepInputs } from '../../engine/cpu/memory/network-memory.ts'
import { type NetworkPlan, PAGE_BYTES, type PlanOptions } from '../../engine/cpu/network-plan.ts'
import { placeTensors } from '../../engine/cpu/memory/place-tensors.ts'
import { AREAS, type Stage, type Tensor } from '../../engine/cpu/lowering/work.ts'

type Tensors = Readonly<Record<string, ArrayLike<number>>>

export type ProgramRun = {
  /** Whose parameters and statistics the program names. */
  readonly graph: Graph
  readonly program: Program
  /** Images that it is lowered for. */
  readonly batch: number
  /** Of these, those that count; all where left out. */
  readonly images?: number
  /** Values that the program reads and does not write: [n][h][w][c] without padding. */
  readonly inputs?: ReadonlyMap<ValueId, ArrayLike<number>>
  /** Values that are looked at afterwards; others may lie in a thread's own memory. */
  readonly outputs?: readonly ValueId[]
  readonly parameters?: Tensors
  readonly statistics?: Tensors
  readonly gradients?: Tensors
  readonly slots?: Readonly<Record<string, Tensors>>
  readonly options?: Partial<PlanOptions>
  /** Images, labels and augmentation; without it there are images of which nobody knows anything. */
  readonly upload?: Batch
  readonly stepInputs?: Partial<StepInputs>
}

export type ProgramResult = {
  /** Of the images that count, without padding. @throws Error where padding is not 0 */
  value(id: ValueId): Float32Array
  /** The images' memory as it is, from the first on that does not count. */
  beyond(id: ValueId): Float32Array
  readonly state: Omit<TrainerState, 'steps'>
  readonly gradients: Readonly<Record<string, Float32Array>>
  readonly metrics: StepMetrics
}

const OPTIONS: PlanOptions = {
  batchSize: null,
  optimiser: {
    kind: 'sgd',
    learningRate: 1,
    momentum: 0,
    nesterov: false,
    weightDecay: 0,
    decays: 'all',
  },
  labelSmoothing: 0,
  normalisation: { kind: 'channels', mean: [0, 0, 0], std: [1, 1, 1] },
  dropoutSeed: 0,
}
const INPUTS: StepInputs = { learningRate: 1, number: 0, stepFactors: [] }
/** NaN as float32 and as float64. */
const POISON = 0xff

export async function runProgram(module: WebAssembly.Module, run: ProgramRun): Promise<ProgramResult> {
  const { graph, program, batch, images = batch, inputs = new Map(), outputs = [] } = run
  const options = { ...OPTIONS, ...run.options, batchSize: batch }
  const layout = networkLayout(graph, options, batch, true)
  const context = { ...options, graph, layout, batch }
  const lowering = createLowering(program, context)
  const layoutOf = (id: ValueId) => lowering.images(id).layout
  const stages = lower(program, context)
  const kept = new Map(
    [...new Set([...inputs.keys(), ...outputs])].map(
      (id) => [id, tensorOf(stages, valueOf(program, id), lowering.images(id).at.tensor)] as const,
    ),
  )
  const placed = { ...placeTensors(withOwner(stages, [...kept.values()]), batch), stages }

  let end = PAGE_BYTES
  const take = (bytes: number): number => {
    const address = end
    end += aligned(bytes)
    return address
  }
  const areas = { ...layout.bytes }
  for (const name of AREAS) areas[name] = take(layout.bytes[name])
  const arena = take(placed.arenaBytes)
  const own = { address: take(placed.ownBytes), bytes: placed.ownBytes }
  const dataEnd = end
  const training = encodeProgram(placed, { areas, arena }, end)
  take(training.words.byteLength)
  const plan: NetworkPlan = {
    layout,
    training,
    evaluation: { ...training, images: batch },
    areas,
    own,
    times: { address: end, bytes: 0 },
    pages: Math.ceil(end / PAGE_BYTES),
    bytes: { parameters: 0, gradients: 0, optimiser: 0, activations: 0, other: 0 },
  }
  const network = createNetworkMemory(plan, graph, options)
  const { buffer } = network.memory
  const area = (name: 'gradients') => new Float32Array(buffer, areas[name], layout.bytes[name] / FLOAT_BYTES)

  const poison = (from: number, to: number) => new Uint8Array(buffer, from, to - from).fill(POISON)
  for (const name of ['gradients', 'results', 'metrics', 'logits', 'features'] as const) {
    poison(areas[name], areas[name] + layout.bytes[name])
  }
  poison(arena, dataEnd)
  network.write(network.pack(stateOf(run)))
  if (run.gradients) area('gradients').set(pack(layout.parameters, complete(graph.parameters, run.gradients)))
  network.upload({ ...(run.upload ?? emptyBatch(images)), size: images }, { ...INPUTS, ...run.stepInputs })
  const addressOf = (id: ValueId): number => {
    const tensor = kept.get(id)
    if (!tensor) throw new Error(`value ${id} is neither an input nor an output of this run`)
    if (tensor.kind === 'lasting') return areas[tensor.area]
    return arena + (placed.places.get(tensor)?.offset ?? Number.NaN)
  }
  const imagesOf = (id: ValueId, first: number, count: number) => {
    const { image } = layoutOf(id)
    return new Float32Array(buffer, addressOf(id) + first * image, (count * image) / FLOAT_BYTES)
  }
  for (const [id, values] of inputs) {
    const { channels } = valueOf(program, id).shape
    packImages(imagesOf(id, 0, images), layoutOf(id), channels, values)
  }

  const executor = createInlineExecutor(
    module,
    async () => undefined,
    (reason) => {
      throw new Error(reason)
    },
  )
  const attached = await executor.attach(network.memory, own, plan.times)
  await attached.run({ stages: training.stages, first: 0, end: training.stageCount }, false)
  return {
    value(id) {
      const { shape, label } = valueOf(program, id)
      return unpackImages(imagesOf(id, 0, images), layoutOf(id), shape.channels, label)
    },
    beyond: (id) => imagesOf(id, images, batch - images),
    state: network.read(),
    gradients: unpack(layout.parameters, area('gradients')),
    metrics: network.metrics(),
  }
}

function emptyBatch(size: number): Batch {
  return {
    size,
    pixels: new Uint8Array(size * 3072),
    labels: new Uint8Array(size),
    augmentation: null,
  }
}

/** Zeros for what the run does not give. */
function complete(
  declared: readonly { readonly name: string; readonly shape: readonly number[] }[],
  given: Tensors = {},
): Record<string, Float32Array> {
  return Object.fromEntries(
    declared.map(({ name, shape }) => [
      name,
      Float32Array.from(given[name] ?? new Float32Array(elements(shape))),
    ]),
  )
}

function stateOf({ graph, parameters, statistics, slots = {} }: ProgramRun): TrainerState {
  return {
    parameters: complete(graph.parameters, parameters),
    statistics: complete(graph.statistics, statistics),
    slots: Object.fromEntries(
      Object.entries(slots).map(([slot, values]) => [slot, complete(graph.parameters, values)]),
    ),
    steps: 0,
  }
}

/** The stages' own tensor of a value: lowering a program twice makes two of equal labels. */
function tensorOf(stages: readonly Stage[], { label }: Value, like: Tensor): Tensor {
  const wanted = 'label' in like ? like.label : label
  for (const { works } of stages) {
    for (const { calls } of works) {
      for (const { args } of calls) {
        for (const argument of Object.values(args)) {
          if (typeof argument === 'number') continue
          const { tensor } = argument
          if (tensor.kind === 'images' && tensor.label === wanted) return tensor
          if (tensor.kind === 'lasting' && like.kind === 'lasting' && tensor.area === like.area) return tensor
        }
      }
    }
  }
  throw new Error(`no kernel uses ${wanted}`)
}

/** The stages between two that use the tensors: these have bytes of their own then, from before until after the run. */
function withOwner(stages: readonly Stage[], tensors: readonly Tensor[]): Stage[] {
  const owner: Stage = {
    works: tensors.map((tensor) => ({
      units: 1,
      chunkUnits: 1,
      chunks: 1,
      calls: [{ kernel: 'sumLosses', args: { tensor: { tensor, offset: 0 } }, label: 'test', flops: 0 }],
      finish: [],
    })),
  }
  return [owner, ...stages, owner]
}

function packImages(
  target: Float32Array,
  layout: ImageLayout,
  channels: number,
  values: ArrayLike<number>,
): void {
  target.fill(0)
  eachValue(target.length, layout, (at, pixel, channel) => {
    if (pixel !== null && channel < channels) target[at] = values[pixel * channels + channel] ?? Number.NaN
  })
}

function unpackImages(
  source: Float32Array,
  layout: ImageLayout,
  channels: number,
  label: string,
): Float32Array {
  const images = (source.length * FLOAT_BYTES) / layout.image
  const values = new Float32Array(images * layout.height * layout.width * channels)
  eachValue(source.length, layout, (at, pixel, channel) => {
    const value = source[at] ?? Number.NaN
    if (pixel !== null && channel < channels) values[pixel * channels + channel] = value
    else if (value !== 0) {
      const what = pixel === null ? 'the border' : `channel ${channel}, which only fills up,`
      throw new Error(`${what} of ${label} holds ${value}`)
    }
  })
  return values
}

/** Visits every float of some images: the pixel of all images that it belongs to, null for the border. */
function eachValue(
  length: number,
  { image, row, pixel, inside, height, width }: ImageLayout,
  visit: (at: number, pixel: number | null, channel: number) => void,
): void {
  for (let at = 0; at < length; at++) {
    const bytes = at * FLOAT_BYTES
    const index = Math.floor(bytes / image)
    const before = (bytes % image) - inside
    const line = Math.floor(before / row)
    const inRow = before - line * row
    const column = Math.floor(inRow / pixel)
    const isInside = before >= 0 && line < height && column < width
    visit(
      at,
      isInside ? (index * height + line) * width + column : null,
      Math.floor((inRow % pixel) / FLOAT_BYTES),
    )
  }
}
