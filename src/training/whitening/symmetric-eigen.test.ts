import { describe, expect, test } from 'vitest'
import { createRandom } from '../../base/random.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

const noPause = async () => undefined

/** Symmetric, of the function's values at (i, j), i ≥ j. */
function matrixOf(size: number, value: (i: number, j: number) => number): Float64Array {
  const matrix = new Float64Array(size ** 2)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      matrix[i * size + j] = value(i, j)
      matrix[j * size + i] = matrix[i * size + j] ?? 0
    }
  }
  return matrix
}

function noiseMatrix(size: number): Float64Array {
  const random = createRandom(size, 'matrix')
  return matrixOf(size, () => random.normal())
}

/** B · Bᵀ, of a random B with `rank` columns. */
function ofRank(rank: number, size: number): Float64Array {
  const random = createRandom(rank, 'rows')
  const rows = Array.from({ length: size }, () => Array.from({ length: rank }, () => random.normal()))
  return matrixOf(size, (i, j) => (rows[i] ?? []).reduce((sum, x, k) => sum + x * (rows[j]?.[k] ?? 0), 0))
}

/** The largest error of A · U = U · diag(λ) and of Uᵀ · U = 1, of the largest eigenvalue's size. */
async function errorsOf(matrix: Float64Array, size: number) {
  const { values, vectors } = await symmetricEigen(matrix.slice(), size, noPause)
  const at = (square: Float64Array, i: number, j: number) => square[i * size + j] ?? 0
  const scale = Math.max(...values.map(Math.abs)) || 1
  let residual = 0
  let orthogonality = 0
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      let product = 0
      let along = 0
      for (let j = 0; j < size; j++) {
        product += at(matrix, i, j) * at(vectors, j, k)
        along += at(vectors, j, i) * at(vectors, j, k)
      }
      residual = Math.max(residual, Math.abs(product - at(vectors, i, k) * (values[k] ?? 0)) / scale)
      orthogonality = Math.max(orthogonality, Math.abs(along - (i === k ? 1 : 0)))
    }
  }
  return { residual, orthogonality, values: Array.from(values).toSorted((a, b) => a - b) }
}

describe('A · U = U · diag(λ) with an orthogonal U, to rounding', () => {
  test.each([
    { what: 'noise', size: 100, matrix: noiseMatrix(100) },
    { what: 'a single block of four', size: 4, matrix: noiseMatrix(4) },
    { what: 'zeros', size: 8, matrix: new Float64Array(64) },
    { what: 'eigenvalues that are all equal', size: 12, matrix: matrixOf(12, (i, j) => (i === j ? 3 : 0)) },
    { what: 'all but one eigenvalue equal', size: 40, matrix: matrixOf(40, (i, j) => (i === j ? 2 : 1)) },
    { what: 'a rank of 5 in 60 dimensions', size: 60, matrix: ofRank(5, 60) },
    {
      what: 'sizes from 1 to 10^-12',
      size: 48,
      matrix: noiseMatrix(48).map((value, at) => value * 10 ** (-(Math.floor(at / 48) + (at % 48)) / 8)),
    },
  ])('$what', async ({ size, matrix }) => {
    const { residual, orthogonality } = await errorsOf(matrix, size)
    expect(residual).toBeLessThan(1e-14)
    expect(orthogonality).toBeLessThan(1e-13)
  })
})

test('the second difference of 64 points has the eigenvalues 2 − 2 cos(πk / 65)', async () => {
  const matrix = matrixOf(64, (i, j) => (i === j ? 2 : i - j === 1 ? -1 : 0))
  const { values } = await errorsOf(matrix, 64)
  for (const [k, value] of values.entries()) {
    expect(value).toBeCloseTo(2 - 2 * Math.cos((Math.PI * (k + 1)) / 65), 13)
  }
})

test('eigenvalues that should be 0 are, to rounding, and the others are not', async () => {
  const { values } = await errorsOf(ofRank(5, 60), 60)
  const largest = values.at(-1) ?? 0
  expect(values.filter((value) => Math.abs(value) > 1e-14 * largest)).toHaveLength(5)
})

test('only the lower triangle is read', async () => {
  const matrix = noiseMatrix(20)
  const lower = matrix.map((value, at) => (at % 20 > Math.floor(at / 20) ? Number.NaN : value))
  const whole = await symmetricEigen(matrix, 20, noPause)
  expect((await symmetricEigen(lower, 20, noPause)).values).toEqual(whole.values)
})

test('progress never falls and ends near 1', async () => {
  const shares: number[] = []
  await symmetricEigen(noiseMatrix(200), 200, async (share) => void shares.push(share))
  expect(shares).toEqual(shares.toSorted((a, b) => a - b))
  expect(shares[0]).toBeLessThan(0.1)
  expect(shares.at(-1)).toBeLessThanOrEqual(1)
  expect(shares.length).toBeGreaterThan(20)
})

test('what a pause throws ends the computation', async () => {
  const working = symmetricEigen(noiseMatrix(40), 40, async (share) => {
    if (share > 0.3) throw new Error('cancelled')
  })
  await expect(working).rejects.toThrow('cancelled')
})

test('a size that is no multiple of four is refused', async () => {
  await expect(symmetricEigen(new Float64Array(9), 3, noPause)).rejects.toThrow(/no multiple of 4/)
})
