// Where convolution kernels read their weights from.
import { filterBytes, MATRIX_BYTES, type FilterShape } from '../../memory/layout.ts'
import type { TensorBinding } from '../define-kernel.ts'
import { list } from '../wgsl.ts'

/**
 * On lavapipe forward convolutions are 1.4 to 1.8 times faster with weights in uniform buffers (medians of 5, 16 to 64
 * channels, batch 8). SwiftShader loads a weight once for each lane wherever it lies; with `subgroup` they are in a
 * storage buffer, and four lanes load a column each of a matrix that all of them need: 1.3 to 1.7 times faster there.
 */
export type WeightSpace = 'uniform' | 'storage' | 'subgroup'

/** The least subgroup in which lanes can share: the columns of a matrix. */
export const SHARING_LANES = 4

/**
 * Uniform weights are bound through a window of this size, the least that WebGPU promises of one uniform binding, so
 * that one pipeline serves filters of every size. The window may reach behind the filter, where nothing is read; what
 * holds the filters must go on for as long after the last.
 */
export const WEIGHT_WINDOW_BYTES = 65_536
const OFFSET_ALIGNMENT = 256

/** What of a filter is one binding: as much as fits. */
export type FilterPart = 'filter' | 'row' | 'tap'

/** What a shader's text must know of its weights. */
export type FilterText = {
  /** What of the filter is a variable of its own. */
  readonly part: FilterPart
  /** Lanes load weights for one another; every lane of a workgroup must then read the same matrices, in step. */
  readonly shared: boolean
}

export type FilterBinding = FilterText & { readonly tensors: readonly TensorBinding[] }

/** The binding `weights`, or `weights` in parts with the WGSL variables weights0, weights1, …: kernel rows, or taps. */
export function bindFilter(shape: FilterShape, space: WeightSpace): FilterBinding {
  const { kernel } = shape
  const bytes = filterBytes(shape)
  const shared = space === 'subgroup'
  if (space === 'uniform' && bytes <= WEIGHT_WINDOW_BYTES)
    return { tensors: [windowAt(0)], part: 'filter', shared }
  for (const [part, count] of [
    ['row', kernel],
    ['tap', kernel ** 2],
  ] as const) {
    const partBytes = bytes / count
    if (space !== 'uniform' || partBytes > WEIGHT_WINDOW_BYTES || partBytes % OFFSET_ALIGNMENT !== 0) continue
    const tensors = Array.from({ length: count }, (_, i) => ({
      ...windowAt(i * partBytes),
      variable: `weights${i}`,
    }))
    return { tensors, part, shared }
  }
  return { tensors: [{ name: 'weights', access: 'read', element: 'mat4x4f' }], part: 'filter', shared }
}

/** WGSL for the weights of a tap: their variable, and which of its taps it is. @param row a number unless `part` is the filter */
export function tapOf(
  part: FilterPart,
  kernel: 1 | 3,
  row: number | string,
  column: number,
): { readonly variable: string; readonly tap: string } {
  switch (part) {
    case 'filter':
      return { variable: 'weights', tap: `(${row} * ${kernel} + ${column})` }
    case 'row':
      return { variable: `weights${row}`, tap: `${column}u` }
    case 'tap':
      return { variable: `weights${Number(row) * kernel + column}`, tap: '0u' }
    default:
      return part satisfies never
  }
}

/** The parameter of `main` that lanes need to share weights. */
export function sharingLane(shared: boolean): string {
  return shared ? ', @builtin(subgroup_invocation_id) lane: u32' : ''
}

/** WGSL that names a matrix of weights. @param matrix where it is: the same for every lane */
export function readMatrix(name: string, matrix: string, shared: boolean): string {
  if (!shared) return `let ${name} = ${matrix};`
  const columns = list(SHARING_LANES, (i) => `subgroupBroadcast(own_${name}, ${i}u)`)
  return `let own_${name} = ${matrix}[lane % ${SHARING_LANES}u]; let ${name} = mat4x4f(${columns});`
}

function windowAt(offset: number): TensorBinding {
  return {
    name: 'weights',
    access: 'uniform',
    element: 'mat4x4f',
    length: WEIGHT_WINDOW_BYTES / MATRIX_BYTES,
    part: { offset, bytes: WEIGHT_WINDOW_BYTES },
  }
}
