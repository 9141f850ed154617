// Householder's reduction of a symmetric matrix to tridiagonal form (Golub and Van Loan, Matrix Computations, 4th
// edition, 8.3.1), in float64. Each reflection's update of the matrix waits for the next reflection, so that the matrix
// is read and written once a reflection and not twice: memory, not arithmetic, is what a large matrix costs.
import type { Pause } from './pause.ts'

/** T = Qᵀ · A · Q, with Q a product of reflections H = I − β v vᵀ. */
type Tridiagonal = {
  readonly diagonal: Float64Array
  /** `beside[i]` is T's value at (i, i − 1); `beside[0]` is 0. */
  readonly beside: Float64Array
  /** β of the reflection that clears row i; 0 where there was nothing to clear. */
  readonly betas: Float64Array
}

/** Rows between two pauses. */
const ROWS_A_PAUSE = 8

/**
 * @param matrix A, size² row-major, of which the lower triangle is read; afterwards row i holds, before its diagonal, the
 *   v of the reflection that cleared it
 */
export async function tridiagonalise(matrix: Float64Array, size: number, pause: Pause): Promise<Tridiagonal> {
  const diagonal = new Float64Array(size)
  const beside = new Float64Array(size)
  const betas = new Float64Array(size)
  const product = new Float64Array(size)
  let previous: Update = { v: new Float64Array(size), w: new Float64Array(size) }
  for (let i = size - 1; i >= 0; i--) {
    const row = matrix.subarray(i * size, i * size + i)
    updateRow(matrix, i * size, i, previous)
    diagonal[i] = matrix[i * size + i] ?? 0
    if (i === 0) break
    const { beta, value } = reflect(row)
    beside[i] = value
    betas[i] = beta
    product.fill(0, 0, i)
    updateAndMultiply(matrix, size, i, previous, row, product)
    previous = { v: row, w: updateOf(row, product, beta) }
    if (i % ROWS_A_PAUSE === 0) await pause(1 - (i / size) ** 3)
  }
  return { diagonal, beside, betas }
}

/** A ← A − v wᵀ − w vᵀ */
type Update = { readonly v: Float64Array; readonly w: Float64Array }

/** Row i of the update, up to and with its diagonal. */
function updateRow(matrix: Float64Array, start: number, i: number, { v, w }: Update): void {
  const vi = v[i] ?? 0
  const wi = w[i] ?? 0
  for (let k = 0; k <= i; k++) {
    matrix[start + k] = (matrix[start + k] ?? 0) - vi * (w[k] ?? 0) - wi * (v[k] ?? 0)
  }
}

/** Makes x the vector v whose reflection leaves of x only its last value, which it returns. */
function reflect(x: Float64Array): { beta: number; value: number } {
  const last = x.length - 1
  let rest = 0
  for (let k = 0; k < last; k++) rest += (x[k] ?? 0) ** 2
  const alpha = x[last] ?? 0
  if (rest === 0) return { beta: 0, value: alpha }
  const norm = Math.sqrt(alpha ** 2 + rest)
  const value = alpha > 0 ? -norm : norm
  x[last] = alpha - value
  return { beta: 2 / (rest + (alpha - value) ** 2), value }
}

/** The update that H · A · H is, of H = I − β v vᵀ and p = A · v. */
function updateOf(v: Float64Array, p: Float64Array, beta: number): Float64Array {
  let along = 0
  for (let k = 0; k < v.length; k++) along += (v[k] ?? 0) * (p[k] ?? 0)
  const half = (beta * along) / 2
  return Float64Array.from(v, (value, k) => beta * ((p[k] ?? 0) - half * value))
}

/** Applies an update to the first `count` rows, and adds to `p` what they times `u` are: two rows at a time. */
function updateAndMultiply(
  matrix: Float64Array,
  size: number,
  count: number,
  { v, w }: Update,
  u: Float64Array,
  p: Float64Array,
): void {
  for (let i = 0; i + 1 < count; i += 2) {
    const [start0, start1] = [i * size, (i + 1) * size]
    const [v0, v1] = [v[i] ?? 0, v[i + 1] ?? 0]
    const [w0, w1] = [w[i] ?? 0, w[i + 1] ?? 0]
    const [u0, u1] = [u[i] ?? 0, u[i + 1] ?? 0]
    let sum0 = 0
    let sum1 = 0
    for (let k = 0; k < i; k++) {
      const vk = v[k] ?? 0
      const wk = w[k] ?? 0
      const uk = u[k] ?? 0
      const a0 = (matrix[start0 + k] ?? 0) - v0 * wk - w0 * vk
      const a1 = (matrix[start1 + k] ?? 0) - v1 * wk - w1 * vk
      matrix[start0 + k] = a0
      matrix[start1 + k] = a1
      sum0 += a0 * uk
      sum1 += a1 * uk
      p[k] = (p[k] ?? 0) + a0 * u0 + a1 * u1
    }
    // The square on the diagonal: (i, i), (i + 1, i) and (i + 1, i + 1).
    const corner = (matrix[start0 + i] ?? 0) - 2 * v0 * w0
    const across = (matrix[start1 + i] ?? 0) - v1 * w0 - w1 * v0
    const end = (matrix[start1 + i + 1] ?? 0) - 2 * v1 * w1
    matrix[start0 + i] = corner
    matrix[start1 + i] = across
    matrix[start1 + i + 1] = end
    p[i] = (p[i] ?? 0) + sum0 + corner * u0 + across * u1
    p[i + 1] = (p[i + 1] ?? 0) + sum1 + across * u0 + end * u1
  }
  if (count % 2 === 1) updateAndMultiplyRow(matrix, size, count - 1, { v, w }, u, p)
}

function updateAndMultiplyRow(
  matrix: Float64Array,
  size: number,
  i: number,
  update: Update,
  u: Float64Array,
  p: Float64Array,
): void {
  updateRow(matrix, i * size, i, update)
  const ui = u[i] ?? 0
  let sum = 0
  for (let k = 0; k < i; k++) {
    const a = matrix[i * size + k] ?? 0
    sum += a * (u[k] ?? 0)
    p[k] = (p[k] ?? 0) + a * ui
  }
  p[i] = (p[i] ?? 0) + sum + (matrix[i * size + i] ?? 0) * ui
}

/**
 * Makes the matrix that `tridiagonalise` left behind the orthogonal Q of A = Q · T · Qᵀ, row-major. A reflection is
 * applied to the rows while their products with the next one are summed.
 */
export async function formReflections(
  matrix: Float64Array,
  size: number,
  betas: Float64Array,
  pause: Pause,
): Promise<void> {
  let reflection: Reflection = { factors: new Float64Array(GROUP), products: new Float64Array(size) }
  for (let i = 0; i < size; i++) {
    // Padded with zeros to whole groups of rows.
    const v = new Float64Array(i + 1 + GROUP)
    if (i + 1 < size) v.set(matrix.subarray((i + 1) * size, (i + 1) * size + i + 1))
    const products = new Float64Array(size)
    for (let row = 0; row < i; row += GROUP) {
      reflectRows(matrix, size, row, i, reflection, v, products)
    }
    for (let row = 0; row < i; row++) matrix[row * size + i] = 0
    matrix.fill(0, i * size, i * size + i)
    matrix[i * size + i] = 1
    products[i] = v[i] ?? 0
    const beta = betas[i + 1] ?? 0
    reflection = { factors: v.map((value) => beta * value), products }
    if (i % ROWS_A_PAUSE === 0) await pause((i / size) ** 3)
  }
}

/** Q ← Q − factors · productsᵀ */
type Reflection = { readonly factors: Float64Array; readonly products: Float64Array }

/** Rows that are read and written together. */
const GROUP = 4

/**
 * Applies a reflection to the first `count` columns of a group of rows, and adds vᵀ times these rows to `next`. Row
 * `count`, which is not made yet, stands in where the group has fewer: its factor and v are 0.
 */
function reflectRows(
  matrix: Float64Array,
  size: number,
  row: number,
  count: number,
  { factors, products }: Reflection,
  v: Float64Array,
  next: Float64Array,
): void {
  const [f0, f1, f2, f3] = [
    at(factors, row),
    at(factors, row + 1),
    at(factors, row + 2),
    at(factors, row + 3),
  ]
  const [v0, v1] = [at(v, row), row + 1 < count ? at(v, row + 1) : 0]
  const [v2, v3] = [row + 2 < count ? at(v, row + 2) : 0, row + 3 < count ? at(v, row + 3) : 0]
  const start0 = row * size
  const start1 = Math.min(row + 1, count) * size
  const start2 = Math.min(row + 2, count) * size
  const start3 = Math.min(row + 3, count) * size
  for (let k = 0; k < count; k++) {
    const product = products[k] ?? 0
    const q0 = (matrix[start0 + k] ?? 0) - f0 * product
    const q1 = (matrix[start1 + k] ?? 0) - f1 * product
    const q2 = (matrix[start2 + k] ?? 0) - f2 * product
    const q3 = (matrix[start3 + k] ?? 0) - f3 * product
    matrix[start0 + k] = q0
    matrix[start1 + k] = q1
    matrix[start2 + k] = q2
    matrix[start3 + k] = q3
    next[k] = (next[k] ?? 0) + v0 * q0 + v1 * q1 + v2 * q2 + v3 * q3
  }
}

const at = (values: Float64Array, i: number): number => values[i] ?? 0
