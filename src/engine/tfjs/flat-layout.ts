// A network's tensors as one flat vector, in tfjs's layouts; states enter and leave in PyTorch's.
import { AppError } from '../../base/app-error.ts'
import { elements } from '../../network/network-facts.ts'

/** One tensor's place in the vector. */
type FlatEntry = {
  readonly name: string
  /** tfjs's: convolution [k, k, in, out], linear [in, out], vector [n]. */
  readonly shape: readonly number[]
  readonly offset: number
  readonly size: number
}
export type PackedLayout = { readonly entries: readonly FlatEntry[]; readonly size: number }

/** PyTorch's axes in tfjs's order, by rank: OIHW → HWIO, [out, in] → [in, out]. */
const AXES_FROM_PYTORCH: Readonly<Record<number, readonly number[]>> = { 1: [0], 2: [1, 0], 4: [2, 3, 1, 0] }

/** @param tensors with PyTorch's shapes, in the order in which they lie in the vector */
export function layOut(tensors: readonly { name: string; shape: readonly number[] }[]): PackedLayout {
  let offset = 0
  const entries = tensors.map(({ name, shape }) => {
    const size = elements(shape)
    const entry = { name, shape: axesOf(shape.length).map((axis) => shape[axis] ?? 0), offset, size }
    offset += size
    return entry
  })
  return { entries, size: offset }
}

/**
 * The vector of these tensors, given in PyTorch's layouts.
 * @throws AppError `weights-mismatch` where one is missing or has another size
 */
export function pack(layout: PackedLayout, tensors: Readonly<Record<string, Float32Array>>): Float32Array {
  const flat = new Float32Array(layout.size)
  for (const { name, shape, offset, size } of layout.entries) {
    const values = tensors[name]
    if (values?.length !== size) {
      throw new AppError(
        'weights-mismatch',
        `The network's ${name} takes ${size} values, and the state given has ${values?.length ?? 'none'}; ` +
          'use a state of the same network.',
      )
    }
    eachIndex(shape, (inTfjs, inPyTorch) => {
      flat[offset + inTfjs] = values[inPyTorch] ?? 0
    })
  }
  return flat
}

/** The tensors of a vector by name, in PyTorch's layouts. */
export function unpack(layout: PackedLayout, flat: Float32Array): Record<string, Float32Array> {
  return Object.fromEntries(
    layout.entries.map(({ name, shape, offset, size }) => {
      const values = new Float32Array(size)
      eachIndex(shape, (inTfjs, inPyTorch) => {
        values[inPyTorch] = flat[offset + inTfjs] ?? 0
      })
      return [name, values]
    }),
  )
}

function axesOf(rank: number): readonly number[] {
  const axes = AXES_FROM_PYTORCH[rank]
  if (!axes) throw new Error(`a tensor of rank ${rank} has no known layout`)
  return axes
}

/** Visits every value of a tensor with tfjs's `shape`: its index in tfjs's order and in PyTorch's. */
function eachIndex(shape: readonly number[], visit: (inTfjs: number, inPyTorch: number) => void): void {
  const strides = stridesFromPyTorch(shape)
  const size = elements(shape)
  const position = shape.map(() => 0)
  let inPyTorch = 0
  for (let inTfjs = 0; inTfjs < size; inTfjs++) {
    visit(inTfjs, inPyTorch)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const side = shape[axis] ?? 1
      const stride = strides[axis] ?? 0
      const next = (position[axis] ?? 0) + 1
      inPyTorch += stride
      if (next < side) {
        position[axis] = next
        break
      }
      position[axis] = 0
      inPyTorch -= side * stride
    }
  }
}

/** For each of tfjs's axes, how far apart neighbours lie in PyTorch's order. */
function stridesFromPyTorch(shape: readonly number[]): number[] {
  const axes = axesOf(shape.length)
  const strides = shape.map(() => 0)
  let stride = 1
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    const inTfjs = axes.indexOf(axis)
    strides[inTfjs] = stride
    stride *= shape[inTfjs] ?? 1
  }
  return strides
}
