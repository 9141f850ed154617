// A network's parameters (or running statistics) in one GPU buffer: packed as kernels want them there, in PyTorch's
// layouts outside. Gradients and optimiser slots have the same layout as the parameters.
import { AppError } from '../../../base/app-error.ts'
import { elements } from '../../../network/network-facts.ts'
import {
  filterBytes,
  type FilterShape,
  FLOAT_BYTES,
  packChannels,
  packFilter,
  unpackChannels,
  unpackFilter,
  vectorBytes,
} from './layout.ts'
import { aligned } from '../../compiler/place-lifetimes.ts'

export type FlatTensor = {
  readonly name: string
  /** Null for a vector. */
  readonly filter: FilterShape | null
  /** Values, without padding. */
  readonly size: number
  /** In the buffer; a multiple of 256. */
  readonly offset: number
  readonly bytes: number
}
export type FlatLayout = { readonly tensors: readonly FlatTensor[]; readonly bytes: number }

/** @param tensors with PyTorch's shapes: [out, in, k, k], [out, in] or [n]; they lie in the order given */
export function layOut(tensors: readonly { name: string; shape: readonly number[] }[]): FlatLayout {
  let end = 0
  const placed = tensors.map(({ name, shape }): FlatTensor => {
    const filter = filterOf(shape)
    const size = elements(shape)
    const bytes = filter ? filterBytes(filter) : vectorBytes(size)
    const offset = end
    end += aligned(bytes)
    return { name, filter, size, offset, bytes }
  })
  return { tensors: placed, bytes: end }
}

export function tensorNamed(layout: FlatLayout, name: string): FlatTensor {
  const found = layout.tensors.find((tensor) => tensor.name === name)
  if (!found) throw new Error(`the network has no tensor ${name}`)
  return found
}

/**
 * The buffer's contents.
 * @throws AppError `weights-mismatch` where a tensor is missing or has another size
 */
export function pack(
  layout: FlatLayout,
  values: Readonly<Record<string, Float32Array>>,
): Float32Array<ArrayBuffer> {
  const flat = new Float32Array(layout.bytes / FLOAT_BYTES)
  for (const { name, filter, size, offset } of layout.tensors) {
    const given = values[name]
    if (given?.length !== size) {
      throw new AppError(
        'weights-mismatch',
        `The network's ${name} takes ${size} values, and the state given has ${given?.length ?? 'none'}; use a state of the same network.`,
      )
    }
    flat.set(filter ? packFilter(given, filter) : packChannels(given, size), offset / FLOAT_BYTES)
  }
  return flat
}

/** The inverse of `pack`. */
export function unpack(layout: FlatLayout, flat: Float32Array): Record<string, Float32Array> {
  return Object.fromEntries(
    layout.tensors.map(({ name, filter, size, offset, bytes }) => {
      const packed = flat.subarray(offset / FLOAT_BYTES, (offset + bytes) / FLOAT_BYTES)
      return [name, filter ? unpackFilter(packed, filter) : unpackChannels(packed, size)]
    }),
  )
}

function filterOf([outChannels = 1, inChannels, kernel = 1]: readonly number[]): FilterShape | null {
  if (inChannels === undefined) return null
  if (kernel !== 1 && kernel !== 3) throw new Error(`no layout for a filter of ${kernel}×${kernel}`)
  return { inChannels, outChannels, kernel }
}
