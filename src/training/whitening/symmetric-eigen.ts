// Eigenvalues and eigenvectors of a symmetric matrix, float64: Householder's tridiagonal form, then QL iterations. The
// eigenvectors are orthogonal to rounding, those of equal eigenvalues too, because they are a product of rotations.
import { qlSweeps } from './implicit-ql.ts'
import type { Pause } from './pause.ts'
import { formReflections, tridiagonalise } from './tridiagonal.ts'

export type SymmetricEigen = {
  /** In no order. */
  readonly values: Float64Array
  /** size² row-major: column i is the eigenvector of value i, of length 1. */
  readonly vectors: Float64Array
}

/** Shares of the time at 3,072² (docs/whitening.md); rotations take the rest. */
const TRIDIAGONAL_SHARE = 0.2
const REFLECTIONS_SHARE = 0.2
/** Sweeps of QL for each eigenvalue, about: it foretells how many rotations there will be. */
const SWEEPS_A_VALUE = 1.7
/** Rotations that wait to be applied together, while a few rows of the eigenvectors are in the processor's cache. */
const ROTATIONS = 1 << 16
/** Rows that are rotated together. */
const GROUP = 4
const ROWS_A_PAUSE = 256

/**
 * @param matrix size² row-major, of which the lower triangle counts; it becomes the eigenvectors
 * @param size a multiple of 4
 */
export async function symmetricEigen(
  matrix: Float64Array,
  size: number,
  pause: Pause,
): Promise<SymmetricEigen> {
  if (size % GROUP !== 0) throw new RangeError(`a matrix of ${size} rows, which is no multiple of ${GROUP}`)
  const form = await tridiagonalise(matrix, size, (share) => pause(TRIDIAGONAL_SHARE * share))
  const before = TRIDIAGONAL_SHARE + REFLECTIONS_SHARE
  await formReflections(matrix, size, form.betas, (share) =>
    pause(TRIDIAGONAL_SHARE + REFLECTIONS_SHARE * share),
  )
  const expected = (SWEEPS_A_VALUE * size ** 2) / 2
  let applied = 0
  for (const rotations of batches(form.diagonal, form.beside)) {
    for (let row = 0; row < size; row += GROUP) {
      rotateRows(matrix, size, row, rotations)
      if (row % ROWS_A_PAUSE > 0) continue
      const done = applied + rotations.count * (row / size)
      await pause(before + (1 - before) * Math.min(1, done / expected))
    }
    applied += rotations.count
  }
  return { values: form.diagonal, vectors: matrix }
}

/** Sweeps of rotations, one after the other. */
type Rotations = {
  readonly sweeps: { readonly top: number; readonly bottom: number; readonly at: number }[]
  /** Of a sweep, from `at` on, for the columns `top` to `bottom` − 1. */
  readonly cosines: Float64Array
  readonly sines: Float64Array
  count: number
}

function* batches(diagonal: Float64Array, beside: Float64Array): Generator<Rotations> {
  const create = (): Rotations => ({
    sweeps: [],
    cosines: new Float64Array(ROTATIONS + diagonal.length),
    sines: new Float64Array(ROTATIONS + diagonal.length),
    count: 0,
  })
  let batch = create()
  for (const { top, bottom, cosines, sines } of qlSweeps(diagonal, beside)) {
    batch.cosines.set(cosines.subarray(top, bottom), batch.count)
    batch.sines.set(sines.subarray(top, bottom), batch.count)
    batch.sweeps.push({ top, bottom, at: batch.count })
    batch.count += bottom - top
    if (batch.count < ROTATIONS) continue
    yield batch
    batch = create()
  }
  yield batch
}

/** The columns i and i + 1 become c · (column i) − s · (column i + 1) and s · (column i) + c · (column i + 1). */
function rotateRows(
  vectors: Float64Array,
  size: number,
  row: number,
  { sweeps, cosines, sines }: Rotations,
): void {
  const start0 = row * size
  const start1 = start0 + size
  const start2 = start1 + size
  const start3 = start2 + size
  for (const { top, bottom, at } of sweeps) {
    let y0 = vectors[start0 + bottom] ?? 0
    let y1 = vectors[start1 + bottom] ?? 0
    let y2 = vectors[start2 + bottom] ?? 0
    let y3 = vectors[start3 + bottom] ?? 0
    for (let i = bottom - 1; i >= top; i--) {
      const c = cosines[at + i - top] ?? 0
      const s = sines[at + i - top] ?? 0
      const x0 = vectors[start0 + i] ?? 0
      const x1 = vectors[start1 + i] ?? 0
      const x2 = vectors[start2 + i] ?? 0
      const x3 = vectors[start3 + i] ?? 0
      vectors[start0 + i + 1] = s * x0 + c * y0
      vectors[start1 + i + 1] = s * x1 + c * y1
      vectors[start2 + i + 1] = s * x2 + c * y2
      vectors[start3 + i + 1] = s * x3 + c * y3
      y0 = c * x0 - s * y0
      y1 = c * x1 - s * y1
      y2 = c * x2 - s * y2
      y3 = c * x3 - s * y3
    }
    vectors[start0 + top] = y0
    vectors[start1 + top] = y1
    vectors[start2 + top] = y2
    vectors[start3 + top] = y3
  }
}
