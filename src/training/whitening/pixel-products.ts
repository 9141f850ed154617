// What whitening takes from the training images: sums of products of their bytes, exact whole numbers.
import { IMAGE_BYTES } from '../../base/data-set.ts'
import type { PixelImages } from '../../engine/engine.ts'
import type { Pause } from './pause.ts'
import { addSymmetricProduct } from './symmetric-product.ts'

/** Images whose products are added at once: less than a second's work. */
const IMAGES = 128

/**
 * For each two of an image's 3,072 bytes (planar R, G, B) the sum of their product over all images: 3,072², below the
 * diagonal and on it. With 50,000 images a sum is at most 255² · 50,000, below 2^32.
 */
export async function pixelProducts({ count, pixels }: PixelImages, pause: Pause): Promise<Float64Array> {
  const products = new Float64Array(IMAGE_BYTES ** 2)
  const rows = new Float64Array(IMAGE_BYTES * IMAGES)
  for (let first = 0; first < count; first += IMAGES) {
    await pause(first / count)
    const columns = Math.min(IMAGES, count - first)
    for (let image = 0; image < columns; image++) {
      const from = (first + image) * IMAGE_BYTES
      for (let i = 0; i < IMAGE_BYTES; i++) rows[i * columns + image] = pixels[from + i] ?? 0
    }
    addSymmetricProduct(rows, columns, products, IMAGE_BYTES)
  }
  return products
}

/** The sum of each of an image's bytes over all images. */
export function pixelSums({ count, pixels }: PixelImages): Float64Array {
  const sums = new Float64Array(IMAGE_BYTES)
  for (let image = 0; image < count; image++) {
    const from = image * IMAGE_BYTES
    for (let i = 0; i < IMAGE_BYTES; i++) sums[i] = (sums[i] ?? 0) + (pixels[from + i] ?? 0)
  }
  return sums
}
