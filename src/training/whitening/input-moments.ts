// Mean and covariance of normalised images from those of their bytes: every normalisation is linear in the bytes, so the
// images need not be read again, and nothing is rounded before the end.
import { IMAGE_BYTES, IMAGE_CHANNELS, PLANE_BYTES } from '../../base/data-set.ts'
import type { ImageNormalisation } from '../../engine/engine.ts'

/** Sums over the training images, planar as images are stored. */
export type PixelMoments = {
  /** Images. */
  readonly count: number
  readonly sums: Float64Array
  /** Below the diagonal and on it. */
  readonly products: Float64Array | Uint32Array
}

/** Of a network's input, flattened by rows, columns, then channels. */
export type InputMoments = {
  /** Images. */
  readonly count: number
  /** 3,072 values. */
  readonly mean: Float64Array
  /** 3,072², divided by the number of images. */
  readonly covariance: Float64Array
}

export function inputMoments(
  { count, sums, products }: PixelMoments,
  normalisation: ImageNormalisation,
): InputMoments {
  const { factors, offsets } = affineOf(normalisation)
  const places = Int32Array.from(sums, (_, i) => placeOf(i))
  const mean = new Float64Array(IMAGE_BYTES)
  const covariance = new Float64Array(IMAGE_BYTES ** 2)
  for (let i = 0; i < IMAGE_BYTES; i++) {
    const row = places[i] ?? 0
    const sum = sums[i] ?? 0
    const factor = (factors[i] ?? 0) / count ** 2
    mean[row] = ((factors[i] ?? 0) * sum) / count - (offsets[i] ?? 0)
    for (let j = 0; j <= i; j++) {
      // count² times the covariance of two bytes: a whole number below 2^53, so exact.
      const scaled = count * (products[i * IMAGE_BYTES + j] ?? 0) - sum * (sums[j] ?? 0)
      const value = factor * (factors[j] ?? 0) * scaled
      const column = places[j] ?? 0
      covariance[row * IMAGE_BYTES + column] = value
      covariance[column * IMAGE_BYTES + row] = value
    }
  }
  if (normalisation.kind === 'image-mean') subtractImageMeans(mean, covariance)
  return { count, mean, covariance }
}

/** Where a network has a byte of a stored image: rows, columns, then channels. */
function placeOf(planar: number): number {
  return (planar % PLANE_BYTES) * IMAGE_CHANNELS + Math.floor(planar / PLANE_BYTES)
}

/** A byte b becomes factor · b − offset, before an image's own mean is subtracted. By planar place. */
type Affine = { readonly factors: Float64Array; readonly offsets: Float64Array }

function affineOf(normalisation: ImageNormalisation): Affine {
  const everywhere = (value: number) => new Float64Array(IMAGE_BYTES).fill(value)
  switch (normalisation.kind) {
    case 'channels': {
      // As the engines round them.
      const mean = Float32Array.from(normalisation.mean)
      const std = Float32Array.from(normalisation.std)
      const channel = (planar: number) => Math.floor(planar / PLANE_BYTES)
      return {
        factors: everywhere(0).map((_, i) => 1 / (255 * (std[channel(i)] ?? 1))),
        offsets: everywhere(0).map((_, i) => (mean[channel(i)] ?? 0) / (std[channel(i)] ?? 1)),
      }
    }
    case 'pixel-mean':
      return { factors: everywhere(1 / 255), offsets: Float64Array.from(normalisation.mean) }
    case 'image-mean':
      return { factors: everywhere(1 / 255), offsets: everywhere(0) }
    default:
      return normalisation satisfies never
  }
}

/** Of images from each of which its own mean, a single number, is subtracted: from both sides of the covariance. */
function subtractImageMeans(mean: Float64Array, covariance: Float64Array): void {
  const size = mean.length
  const rowMeans = Float64Array.from(mean, (_, row) =>
    average(covariance.subarray(row * size, (row + 1) * size)),
  )
  const grandMean = average(rowMeans)
  const meanOfMeans = average(mean)
  for (let row = 0; row < size; row++) {
    mean[row] = (mean[row] ?? 0) - meanOfMeans
    for (let column = 0; column < size; column++) {
      const at = row * size + column
      covariance[at] = (covariance[at] ?? 0) - (rowMeans[row] ?? 0) - (rowMeans[column] ?? 0) + grandMean
    }
  }
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
