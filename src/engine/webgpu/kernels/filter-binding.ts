// Where convolution kernels read their weights from.
import { filterBytes, MATRIX_BYTES, type FilterShape } from '../layout.ts'
import type { TensorBinding } from './define-kernel.ts'

/**
 * On lavapipe forward convolutions are 1.4 to 1.8 times faster with weights in uniform buffers (medians of 5, 16 to 64
 * channels, batch 8); SwiftShader does not care.
 */
export type WeightSpace = 'uniform' | 'storage'

/**
 * Uniform weights are bound through a window of this size, the least that WebGPU promises of one uniform binding, so
 * that one pipeline serves filters of every size. The window may reach behind the filter, where nothing is read; what
 * holds the filters must go on for as long after the last.
 */
export const WEIGHT_WINDOW_BYTES = 65_536
const OFFSET_ALIGNMENT = 256

export type FilterBinding = {
  readonly tensors: readonly TensorBinding[]
  /** True where each kernel row is a binding of its own, because the whole is too large for one. */
  readonly byRow: boolean
}

/** The binding `weights`, or `weights` in three parts with the WGSL variables weights0, weights1 and weights2. */
export function bindFilter(shape: FilterShape, space: WeightSpace): FilterBinding {
  const bytes = filterBytes(shape)
  if (space === 'uniform' && bytes <= WEIGHT_WINDOW_BYTES) {
    return { tensors: [windowAt(0)], byRow: false }
  }
  const rowBytes = bytes / shape.kernel
  if (space === 'uniform' && rowBytes <= WEIGHT_WINDOW_BYTES && rowBytes % OFFSET_ALIGNMENT === 0) {
    const rows = Array.from({ length: shape.kernel }, (_, row) => ({
      ...windowAt(row * rowBytes),
      variable: `weights${row}`,
    }))
    return { tensors: rows, byRow: true }
  }
  return { tensors: [{ name: 'weights', access: 'read', of: 'mat4x4f' }], byRow: false }
}

function windowAt(offset: number): TensorBinding {
  return {
    name: 'weights',
    access: 'uniform',
    of: 'mat4x4f',
    length: WEIGHT_WINDOW_BYTES / MATRIX_BYTES,
    part: { offset, bytes: WEIGHT_WINDOW_BYTES },
  }
}
