// Eigenvalues of a symmetric tridiagonal matrix by QL iterations with implicit shifts (Golub and Van Loan, 8.3.3; the
// method of EISPACK's tql2), float64.
/** More than the 30 a value that EISPACK allows; the average is below 2. */
const SWEEPS_A_VALUE = 60

/** Rotations of the columns i and i + 1, for i from `bottom` − 1 down to `top`. */
export type Sweep = {
  readonly top: number
  readonly bottom: number
  /** By column. They are used again for the next sweep. */
  readonly cosines: Float64Array
  readonly sines: Float64Array
}

/**
 * Turns `diagonal` into the eigenvalues, in no order, and yields the sweeps of rotations on the way, which together turn
 * Q of A = Q · T · Qᵀ into the eigenvectors of A.
 * @param beside the value at (i, i − 1) at place i
 */
export function* qlSweeps(diagonal: Float64Array, beside: Float64Array): Generator<Sweep> {
  const size = diagonal.length
  // The value at (i, i + 1) at place i.
  const off = Float64Array.from({ length: size }, (_, i) => beside[i + 1] ?? 0)
  const cosines = new Float64Array(size)
  const sines = new Float64Array(size)
  for (let top = 0; top < size; top++) {
    for (let sweeps = 0; ; sweeps++) {
      const bottom = blockEnd(diagonal, off, top)
      if (bottom === top) break
      if (sweeps === SWEEPS_A_VALUE) throw new Error(`eigenvalue ${top} of ${size} did not converge`)
      const reached = sweep(diagonal, off, top, bottom, cosines, sines)
      yield { top: reached, bottom, cosines, sines }
    }
  }
}

/** The last row of the block that begins at `top`: after it the matrix falls apart, to float64's precision. */
function blockEnd(diagonal: Float64Array, off: Float64Array, top: number): number {
  let end = top
  for (; end < diagonal.length - 1; end++) {
    const scale = Math.abs(diagonal[end] ?? 0) + Math.abs(diagonal[end + 1] ?? 0)
    if (Math.abs(off[end] ?? 0) <= Number.EPSILON * scale) break
  }
  return end
}

/** @returns the last column that was rotated: `top`, or one before it where the block fell apart on the way */
function sweep(
  d: Float64Array,
  off: Float64Array,
  top: number,
  bottom: number,
  cosines: Float64Array,
  sines: Float64Array,
): number {
  const p0 = d[top] ?? 0
  const e0 = off[top] ?? 0
  // Wilkinson's shift, from the 2 × 2 block at the top.
  const half = ((d[top + 1] ?? 0) - p0) / (2 * e0)
  const root = Math.hypot(half, 1)
  let g = (d[bottom] ?? 0) - p0 + e0 / (half + (half < 0 ? -root : root))
  let s = 1
  let c = 1
  let p = 0
  for (let i = bottom - 1; i >= top; i--) {
    const f = s * (off[i] ?? 0)
    const b = c * (off[i] ?? 0)
    const r = Math.hypot(f, g)
    off[i + 1] = r
    if (r === 0) {
      d[i + 1] = (d[i + 1] ?? 0) - p
      off[bottom] = 0
      return i + 1
    }
    s = f / r
    c = g / r
    g = (d[i + 1] ?? 0) - p
    const t = ((d[i] ?? 0) - g) * s + 2 * c * b
    p = s * t
    d[i + 1] = g + p
    g = c * t - b
    cosines[i] = c
    sines[i] = s
  }
  d[top] = (d[top] ?? 0) - p
  off[top] = g
  off[bottom] = 0
  return top
}
