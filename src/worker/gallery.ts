import { IMAGE_BYTES, IMAGE_CHANNELS, PLANE_BYTES } from '../base/data-set.ts'
import type { Whitening } from '../engine/engine.ts'

/** Planar R, G, B images (count × 3,072 bytes) as interleaved RGBA (count × 4,096 bytes), opaque. */
export function toRgba(planar: Uint8Array): Uint8Array<ArrayBuffer> {
  const images = planar.length / IMAGE_BYTES
  const rgba = new Uint8Array(images * PLANE_BYTES * 4)
  for (let image = 0; image < images; image++) {
    const red = image * IMAGE_BYTES
    for (let pixel = 0; pixel < PLANE_BYTES; pixel++) {
      const at = (image * PLANE_BYTES + pixel) * 4
      rgba[at] = planar[red + pixel] ?? 0
      rgba[at + 1] = planar[red + PLANE_BYTES + pixel] ?? 0
      rgba[at + 2] = planar[red + 2 * PLANE_BYTES + pixel] ?? 0
      rgba[at + 3] = 255
    }
  }
  return rgba
}

/** Deviations of the images' values that are shown, either way of grey; what is further is black or white. */
const DEVIATIONS = 3

/**
 * Whitened images as interleaved RGBA. Whitened values have no scale of their own, so they are stretched, all alike: 0 is
 * grey.
 * @param images normalised, count × 32 × 32 × 3
 */
export function whitenedRgba(images: Float32Array, whitening: Whitening): Uint8Array<ArrayBuffer> {
  const values = whiten(images, whitening)
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length) || 1
  const rgba = new Uint8ClampedArray((values.length / IMAGE_CHANNELS) * 4).fill(255)
  for (const [at, value] of values.entries()) {
    const pixel = Math.floor(at / IMAGE_CHANNELS)
    rgba[pixel * 4 + (at % IMAGE_CHANNELS)] = 127.5 * (1 + value / (DEVIATIONS * deviation))
  }
  return new Uint8Array(rgba.buffer)
}

/** Z · (x − mean) of each image. */
function whiten(images: Float32Array, { matrix, mean }: Whitening): Float64Array {
  const whitened = new Float64Array(images.length)
  for (let start = 0; start < images.length; start += IMAGE_BYTES) {
    const centred = mean.map((value, i) => (images[start + i] ?? 0) - value)
    for (let row = 0; row < IMAGE_BYTES; row++) {
      let sum = 0
      for (let i = 0; i < IMAGE_BYTES; i++) sum += (matrix[row * IMAGE_BYTES + i] ?? 0) * (centred[i] ?? 0)
      whitened[start + row] = sum
    }
  }
  return whitened
}
