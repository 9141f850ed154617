// Element-wise kernels: a thread handles vec4 number t, t + stride, t + 2·stride, … of a tensor.

export const ELEMENT_WORKGROUP = 64
/** Measured on software adapters: twice as fast as one vec4 a thread, and as neighbours a thread. */
const VECTORS_PER_THREAD = 16
/** Where a thread has much to do before its first vector, but so that this many threads are left. */
const MOST_VECTORS_PER_THREAD = 64
const LEAST_THREADS = 256
const MOST_WORKGROUPS = 65_535

export type GridStride = {
  /** Threads that work, and the distance between the elements of one. */
  readonly stride: number
  readonly workgroups: readonly [number, number, number]
}

/**
 * @param vectors vec4 in the tensor
 * @param period the stride is a multiple of it: with the channel vectors of a pixel, a thread keeps to its channels
 * @param prepares a thread's own work before its first vector is worth that of many vectors
 */
export function gridStride(vectors: number, { period = 1, prepares = false } = {}): GridStride {
  const perThread = prepares
    ? Math.min(Math.max(vectors / LEAST_THREADS, VECTORS_PER_THREAD), MOST_VECTORS_PER_THREAD)
    : VECTORS_PER_THREAD
  const wanted = Math.ceil(vectors / perThread / ELEMENT_WORKGROUP) * ELEMENT_WORKGROUP
  const most = MOST_WORKGROUPS * ELEMENT_WORKGROUP
  const stride = Math.min(Math.ceil(wanted / period), Math.floor(most / period)) * period
  return { stride, workgroups: [Math.ceil(stride / ELEMENT_WORKGROUP), 1, 1] }
}
