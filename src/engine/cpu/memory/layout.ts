// How tensors lie in the engine's memory: float32 [n][h][w][c], c rounded up to a multiple of 8 (4 for the images that come
// in), the channels added holding zeros, which stay zero by themselves. What a 3×3 convolution reads has a border of zeros,
// one pixel wide. Weights are [out ÷ 8][row][column][in][8]; linear weights are those of a 1×1 convolution of one pixel.
// Gradients and optimiser slots lie as their parameters do.
import { AppError } from '../../../base/app-error.ts'
import type { Graph, NodeId, Shape } from '../../../network/graph.ts'
import { elements } from '../../../network/network-facts.ts'

/** Channels that a kernel computes together. */
export const LANES = 8
/** Of the images that come in, as they are stored. */
export const INPUT_CHANNELS = 4
export const FLOAT_BYTES = 4
export const LANE_BYTES = LANES * FLOAT_BYTES

export const inLanes = (channels: number): number => Math.ceil(channels / LANES) * LANES

/** Channels of a node's value as they are stored. */
export function storedChannels({ nodes }: Pick<Graph, 'nodes'>, id: NodeId): number {
  const node = nodes[id]
  if (!node) throw new Error(`node ${id} is not in the graph`)
  return node.op === 'input' ? INPUT_CHANNELS : inLanes(node.shape.channels)
}

/** How the images of one value lie. Bytes; `border` in pixels. */
export type ImageLayout = {
  readonly height: number
  readonly width: number
  /** As they are stored. */
  readonly channels: number
  readonly border: 0 | 1
  readonly pixel: number
  readonly row: number
  readonly image: number
  /** From an image's beginning to its first pixel inside the border. */
  readonly inside: number
}

export function imageLayout({ height, width }: Shape, channels: number, border: 0 | 1): ImageLayout {
  const pixel = channels * FLOAT_BYTES
  const row = (width + 2 * border) * pixel
  return {
    height,
    width,
    channels,
    border,
    pixel,
    row,
    image: (height + 2 * border) * row,
    inside: border * (row + pixel),
  }
}

export type FilterLayout = {
  readonly inChannels: number
  readonly outChannels: number
  readonly kernel: 1 | 3
  /** As they are stored. */
  readonly storedIn: number
  readonly storedOut: number
}

export const filterBytes = ({ storedIn, storedOut, kernel }: FilterLayout): number =>
  storedIn * storedOut * kernel ** 2 * FLOAT_BYTES

export type FlatTensor = {
  readonly name: string
  /** Null for a vector. */
  readonly filter: FilterLayout | null
  /** Values, without padding. */
  readonly size: number
  readonly offset: number
  readonly bytes: number
}
export type FlatTensors = { readonly tensors: readonly FlatTensor[]; readonly bytes: number }

/** Tensors begin at multiples of this; all that lies in one such stretch has one weight decay. */
export const STRETCH_BYTES = 256

export function flatTensors(
  tensors: readonly { readonly name: string; readonly shape: readonly number[] }[],
  storedIn: (name: string) => number,
): FlatTensors {
  let end = 0
  const placed = tensors.map(({ name, shape }): FlatTensor => {
    const filter = filterOf(shape, () => storedIn(name))
    const size = elements(shape)
    const bytes = filter ? filterBytes(filter) : inLanes(size) * FLOAT_BYTES
    const offset = end
    end += Math.ceil(bytes / STRETCH_BYTES) * STRETCH_BYTES
    return { name, filter, size, offset, bytes }
  })
  return { tensors: placed, bytes: end }
}

function filterOf(
  [outChannels = 1, inChannels, kernel = 1]: readonly number[],
  storedIn: () => number,
): FilterLayout | null {
  if (inChannels === undefined) return null
  if (kernel !== 1 && kernel !== 3) throw new Error(`no layout for a filter of ${kernel}×${kernel}`)
  return { inChannels, outChannels, kernel, storedIn: storedIn(), storedOut: inLanes(outChannels) }
}

export function tensorNamed({ tensors }: FlatTensors, name: string): FlatTensor {
  const found = tensors.find((tensor) => tensor.name === name)
  if (!found) throw new Error(`the network has no tensor ${name}`)
  return found
}

/**
 * A network's parameters or statistics, given in PyTorch's layouts, as they lie in memory.
 * @throws AppError `weights-mismatch` where a tensor is missing or has another size
 */
export function pack(
  { tensors, bytes }: FlatTensors,
  values: Readonly<Record<string, Float32Array>>,
): Float32Array<ArrayBuffer> {
  const flat = new Float32Array(bytes / FLOAT_BYTES)
  for (const { name, filter, size, offset } of tensors) {
    const given = values[name]
    if (given?.length !== size) {
      throw new AppError(
        'weights-mismatch',
        `The network's ${name} takes ${size} values, and the state given has ${given?.length ?? 'none'}; use a state of the same network.`,
      )
    }
    const start = offset / FLOAT_BYTES
    if (!filter) flat.set(given, start)
    else {
      eachWeight(filter, (inMemory, inPyTorch) => {
        flat[start + inMemory] = given[inPyTorch] ?? 0
      })
    }
  }
  return flat
}

/** The inverse of `pack`. */
export function unpack({ tensors }: FlatTensors, flat: Float32Array): Record<string, Float32Array> {
  return Object.fromEntries(
    tensors.map(({ name, filter, size, offset }) => {
      const start = offset / FLOAT_BYTES
      if (!filter) return [name, flat.slice(start, start + size)]
      const values = new Float32Array(size)
      eachWeight(filter, (inMemory, inPyTorch) => {
        values[inPyTorch] = flat[start + inMemory] ?? 0
      })
      return [name, values]
    }),
  )
}

function eachWeight(filter: FilterLayout, visit: (inMemory: number, inPyTorch: number) => void): void {
  const { inChannels, outChannels, kernel, storedIn } = filter
  const taps = kernel ** 2
  for (let output = 0; output < outChannels; output++) {
    const block = Math.floor(output / LANES) * taps * storedIn * LANES + (output % LANES)
    for (let input = 0; input < inChannels; input++) {
      for (let tap = 0; tap < taps; tap++) {
        visit(block + (tap * storedIn + input) * LANES, (output * inChannels + input) * taps + tap)
      }
    }
  }
}
