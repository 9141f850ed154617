// What a network executes and where everything lies in its memory: plain data, known before any memory is taken.
import { AppError } from '../../base/app-error.ts'
import type { Graph } from '../../network/graph.ts'
import { differentiate } from '../compiler/differentiate.ts'
import { inferenceProgram } from '../compiler/forward.ts'
import { fuse } from '../compiler/fuse.ts'
import { aligned } from '../compiler/place-lifetimes.ts'
import type { CompileOptions, MemoryBytes } from '../engine.ts'
import { encodeProgram, type EncodedProgram } from './encode-program.ts'
import { lower } from './lowering/lower.ts'
import { networkLayout, type NetworkLayout } from './memory/network-layout.ts'
import { type PlacedProgram, placeTensors } from './memory/place-tensors.ts'
import { type AreaName, AREAS } from './lowering/work.ts'

export type NetworkPlan = {
  readonly layout: NetworkLayout
  /** Null where the network is only evaluated. */
  readonly training: EncodedProgram | null
  readonly evaluation: EncodedProgram & { readonly images: number }
  readonly areas: Readonly<Record<AreaName, number>>
  /** Where threads' own memories begin, and the bytes of each. */
  readonly own: { readonly address: number; readonly bytes: number }
  /** Where threads keep the times of a profile, and the bytes of each. */
  readonly times: { readonly address: number; readonly bytes: number }
  /** WebAssembly pages. */
  readonly pages: number
  readonly bytes: MemoryBytes
}

export type PlanOptions = Pick<
  CompileOptions,
  'batchSize' | 'optimiser' | 'labelSmoothing' | 'normalisation' | 'whitening' | 'dropoutSeed'
>

export const PAGE_BYTES = 2 ** 16
/** What WebAssembly can address with 32 bits. */
const MOST_PAGES = 2 ** 16
const TIME_BYTES = 8
/** Images of an evaluation at once: enough for all threads, and their scores come often. */
const EVALUATION_IMAGES = 128

/** @throws AppError `config-invalid` where the network needs more than WebAssembly can address */
export function planNetwork(graph: Graph, options: PlanOptions, threads: number): NetworkPlan {
  const { batchSize } = options
  const images = Math.max(batchSize ?? 0, EVALUATION_IMAGES)
  const layout = networkLayout(graph, options, images, batchSize !== null)
  const context = { ...options, graph, layout }
  const training =
    batchSize === null
      ? null
      : placeTensors(lower(fuse(differentiate(graph)), { ...context, batch: batchSize }), batchSize)
  const evaluation = placeTensors(
    lower(fuse(inferenceProgram(graph)), { ...context, batch: EVALUATION_IMAGES }),
    EVALUATION_IMAGES,
  )
  const programs = training ? [training, evaluation] : [evaluation]
  // The first page holds the threads' meeting place, the step's inputs and the module's own tables.
  let end = PAGE_BYTES
  const take = (bytes: number): number => {
    const address = end
    end += aligned(bytes)
    return address
  }
  const areas = { ...layout.bytes }
  for (const name of AREAS) areas[name] = take(layout.bytes[name])
  const addresses = { areas, arena: take(largest(programs, 'arenaBytes')) }
  const ownBytes = largest(programs, 'ownBytes')
  const own = { address: take(ownBytes * threads), bytes: ownBytes }
  const encode = (program: PlacedProgram): EncodedProgram => {
    const encoded = encodeProgram(program, addresses, end)
    take(encoded.words.byteLength)
    return encoded
  }
  const encoded = training && encode(training)
  const encodedEvaluation = encode(evaluation)
  const timeBytes = aligned((encoded?.calls.length ?? 0) * TIME_BYTES)
  const times = { address: take(timeBytes * threads), bytes: timeBytes }
  const pages = Math.ceil(end / PAGE_BYTES)
  assertAddressable(pages, batchSize)
  return {
    layout,
    training: encoded,
    evaluation: { ...encodedEvaluation, images: EVALUATION_IMAGES },
    areas: addresses.areas,
    own,
    times,
    pages,
    bytes: memoryBytes(layout, pages * PAGE_BYTES, largest(programs, 'arenaBytes') + ownBytes * threads),
  }
}

const largest = (programs: readonly PlacedProgram[], what: 'arenaBytes' | 'ownBytes'): number =>
  Math.max(...programs.map((program) => program[what]))

function assertAddressable(pages: number, batchSize: number | null): void {
  if (pages <= MOST_PAGES) return
  const mebibytes = Math.ceil((pages * PAGE_BYTES) / 2 ** 20).toLocaleString('en')
  const batch = batchSize === null ? '' : ` at batch ${batchSize}`
  throw new AppError(
    'config-invalid',
    `The network needs ${mebibytes} MiB${batch}, and WebAssembly addresses at most 4,096 MiB; choose a smaller batch, a smaller width or fewer blocks.`,
  )
}

function memoryBytes({ bytes }: NetworkLayout, total: number, activations: number): MemoryBytes {
  const { parameters, gradients, slots } = bytes
  return {
    parameters,
    gradients,
    optimiser: slots,
    activations,
    other: total - parameters - gradients - slots - activations,
  }
}
