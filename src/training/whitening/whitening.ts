// ZCA whitening (Bell and Sejnowski, "The 'independent components' of natural scenes are edge filters", 1997): the
// symmetric matrix after which all pixels of the training images have one variance and no correlation.
import type { WhiteningConfig } from '../../base/image-config.ts'
import type { Whitening } from '../../engine/engine.ts'
import type { InputMoments } from './input-moments.ts'
import type { Pause } from './pause.ts'
import { type SymmetricEigen, symmetricEigen } from './symmetric-eigen.ts'
import { addSymmetricProduct } from './symmetric-product.ts'

/** iavicenna's, added to sums over the training images and not to their means. */
const AUTHOR_EPSILON = 1e-5

/** What is decomposed, what is added to its eigenvalues, and what is subtracted from an image first. */
type Recipe = { readonly matrix: Float64Array; readonly epsilon: number; readonly mean: Float64Array }

/** Of the time that a matrix takes, the eigenvectors' share (docs/whitening.md). */
const EIGEN_SHARE = 0.9
/** Eigenvectors of which the product is summed between two pauses. */
const VECTORS = 128

/** @param moments its covariance is overwritten */
export async function whiteningOf(
  moments: InputMoments,
  config: WhiteningConfig,
  pause: Pause,
): Promise<Whitening> {
  const { matrix, epsilon, mean } = recipeOf(moments, config)
  const eigen = await symmetricEigen(matrix, mean.length, (share) => pause(EIGEN_SHARE * share))
  const product = await inverseRoot(eigen, epsilon, (share) => pause(EIGEN_SHARE + (1 - EIGEN_SHARE) * share))
  return { matrix: product, mean: Float32Array.from(mean) }
}

/** Z = U · diag(1 / √(λ + ε)) · Uᵀ of C = U · diag(λ) · Uᵀ, in float64, rounded once at the end. */
export async function inverseRoot(
  { values, vectors }: SymmetricEigen,
  epsilon: number,
  pause: Pause,
): Promise<Float32Array<ArrayBuffer>> {
  const size = values.length
  // Z = Y · Yᵀ of Y = U · diag((λ + ε)^(−1/4)). An eigenvalue that should be 0 may have come out just below it.
  const roots = values.map((value) => (Math.max(value, 0) + epsilon) ** -0.25)
  const product = new Float64Array(size ** 2)
  for (let first = 0; first < size; first += VECTORS) {
    await pause(first / size)
    const columns = Math.min(VECTORS, size - first)
    const some = new Float64Array(size * columns)
    for (let row = 0; row < size; row++) {
      for (let k = 0; k < columns; k++) {
        some[row * columns + k] = (vectors[row * size + first + k] ?? 0) * (roots[first + k] ?? 0)
      }
    }
    addSymmetricProduct(some, columns, product, size)
  }
  return mirrored(product, size)
}

function recipeOf({ count, mean, covariance }: InputMoments, config: WhiteningConfig): Recipe {
  switch (config.kind) {
    case 'author':
      return {
        matrix: secondMoments(covariance, mean, count),
        epsilon: AUTHOR_EPSILON,
        mean: new Float64Array(mean.length),
      }
    case 'covariance':
      return { matrix: covariance, epsilon: config.epsilon, mean }
    default:
      return config satisfies never
  }
}

/** The covariance becomes Xᵀ · X, of the images' values as they are: with their means' products, and summed. */
function secondMoments(covariance: Float64Array, mean: Float64Array, count: number): Float64Array {
  const size = mean.length
  for (const [i, meanOfRow] of mean.entries()) {
    for (const [j, meanOfColumn] of mean.entries()) {
      const at = i * size + j
      covariance[at] = count * ((covariance[at] ?? 0) + meanOfRow * meanOfColumn)
    }
  }
  return covariance
}

/** Float32, with what is below the diagonal above it as well. */
function mirrored(lower: Float64Array, size: number): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(size ** 2)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const value = lower[i * size + j] ?? 0
      whole[i * size + j] = value
      whole[j * size + i] = value
    }
  }
  return whole
}
