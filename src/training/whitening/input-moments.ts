// Mean and covariance of normalised images from those of their bytes: every normalisation is linear in the bytes, so the
// images need not be read again, and nothing is rounded before the end.
import { IMAGE_BYTES, IMAGE_CHANNELS, PLANE_BYTES } from '../../contract/data-set.ts'
import type { ImageNormalisation } from '../../engine/engine.ts'

/** Sums over the training images, planar as images are stored. */
export type PixelMoments = {
  readonly images: number
  readonly sums: Float64Array
  /** Below the diagonal and on it. */
  readonly products: Float64Array | Uint32Array
}

/** Of a network's input, flattened by rows, columns, then channels. */
export type InputMoments = {
  readonly images: number
  /** 3,072 values. */
  readonly mean: Float64Array
  /** 3,072², divided by the number of images. */
  readonly covariance: Float64Array
}

export function inputMoments(
  { images, sums, products }: PixelMoments,
  normalisation: ImageNormalisation,
): InputMoments {
  const { factor, offset } = affineOf(normalisation)
  const mean = new Float64Array(IMAGE_BYTES)
  const covariance = new Float64Array(IMAGE_BYTES ** 2)
  for (let i = 0; i < IMAGE_BYTES; i++) {
    const row = placeOf(i)
    const sum = sums[i] ?? 0
    mean[row] = (factor(i) * sum) / images - offset(i)
    for (let j = 0; j <= i; j++) {
      const product = products[i * IMAGE_BYTES + j] ?? 0
      // images² times the covariance of two bytes: a whole number below 2^53, so exact.
      const scaled = images * product - sum * (sums[j] ?? 0)
      const value = (factor(i) * factor(j) * scaled) / images ** 2
      const column = placeOf(j)
      covariance[row * IMAGE_BYTES + column] = value
      covariance[column * IMAGE_BYTES + row] = value
    }
  }
  if (normalisation.kind === 'image-mean') subtractImageMeans(mean, covariance)
  return { images, mean, covariance }
}

/** Where a network has a byte of a stored image: rows, columns, then channels. */
function placeOf(planar: number): number {
  return (planar % PLANE_BYTES) * IMAGE_CHANNELS + Math.floor(planar / PLANE_BYTES)
}

/** A byte b becomes factor · b − offset, before an image's own mean is subtracted. */
type Affine = { readonly factor: (planar: number) => number; readonly offset: (planar: number) => number }

function affineOf(normalisation: ImageNormalisation): Affine {
  const share = () => 1 / 255
  switch (normalisation.kind) {
    case 'channels': {
      const mean = Float32Array.from(normalisation.mean)
      const std = Float32Array.from(normalisation.std)
      const channel = (planar: number) => Math.floor(planar / PLANE_BYTES)
      return {
        factor: (planar) => 1 / (255 * (std[channel(planar)] ?? 1)),
        offset: (planar) => (mean[channel(planar)] ?? 0) / (std[channel(planar)] ?? 1),
      }
    }
    case 'pixel-mean': {
      const { mean } = normalisation
      return { factor: share, offset: (planar) => mean[planar] ?? 0 }
    }
    case 'image-mean':
      return { factor: share, offset: () => 0 }
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
