import type { MaxPoolShape } from '../webgpu/kernels/pool/max-pool.ts'

/** The largest of every window × window pixels, [n][h ÷ window][w ÷ window][c] rounded down. */
export function maxPool(images: Float64Array, shape: MaxPoolShape): Float64Array {
  return Float64Array.from(firstLargest(images, shape), (at) => images[at] ?? 0)
}

/** @param gradient of the pool's output */
export function maxPoolGradient(
  gradient: Float64Array,
  images: Float64Array,
  shape: MaxPoolShape,
): Float64Array {
  const result = new Float64Array(images.length)
  for (const [output, at] of firstLargest(images, shape).entries()) result[at] = gradient[output] ?? 0
  return result
}

/** For each output value, the index of the first of its window's largest. */
function firstLargest(images: Float64Array, shape: MaxPoolShape): number[] {
  const { batch, height, width, channels, window } = shape
  const [rows, columns] = [Math.floor(height / window), Math.floor(width / window)]
  return Array.from({ length: batch * rows * columns * channels }, (_, output) => {
    const pixel = Math.floor(output / channels)
    const [n, row, column] = [
      Math.floor(pixel / (rows * columns)),
      Math.floor(pixel / columns) % rows,
      pixel % columns,
    ]
    let best = -1
    for (let tap = 0; tap < window ** 2; tap++) {
      const y = row * window + Math.floor(tap / window)
      const x = column * window + (tap % window)
      const at = ((n * height + y) * width + x) * channels + (output % channels)
      if (best < 0 || (images[at] ?? 0) > (images[best] ?? 0)) best = at
    }
    return best
  })
}
