// Batch normalisation in float64 by its definition (arXiv:1502.03167). Images are rows of `channels` values, one a pixel.

export type Moments = { readonly mean: Float64Array; readonly variance: Float64Array }

/** Mean and biased variance of each channel. */
export function batchMoments(images: Float64Array, channels: number): Moments {
  const pixels = images.length / channels
  const mean = sumByChannel(images, channels, (value) => value / pixels)
  const variance = sumByChannel(images, channels, (value, c) => (value - at(mean, c)) ** 2 / pixels)
  return { mean, variance }
}

/** γ·(x − mean)/√(variance + ε) + β */
export function normalise(
  images: Float64Array,
  { mean, variance }: Moments,
  scale: Float64Array,
  shift: Float64Array,
  epsilon: number,
): Float64Array {
  return images.map((value, i) => {
    const c = i % scale.length
    return ((value - at(mean, c)) / Math.sqrt(at(variance, c) + epsilon)) * at(scale, c) + at(shift, c)
  })
}

export type BatchNormGradients = {
  readonly images: Float64Array
  readonly scale: Float64Array
  readonly shift: Float64Array
}

/** @param gradient of the normalised images, whose moments are the batch's own */
export function normaliseGradients(
  gradient: Float64Array,
  images: Float64Array,
  scale: Float64Array,
  epsilon: number,
): BatchNormGradients {
  const channels = scale.length
  const pixels = images.length / channels
  const moments = batchMoments(images, channels)
  const ones = new Float64Array(channels).fill(1)
  const normal = normalise(images, moments, ones, new Float64Array(channels), epsilon)
  const shiftGradient = sumByChannel(gradient, channels, (value) => value)
  const scaleGradient = sumByChannel(gradient, channels, (value, _, i) => value * at(normal, i))
  const imageGradient = gradient.map((value, i) => {
    const c = i % channels
    const centred = value - at(shiftGradient, c) / pixels - (at(normal, i) * at(scaleGradient, c)) / pixels
    return (at(scale, c) / Math.sqrt(at(moments.variance, c) + epsilon)) * centred
  })
  return { images: imageGradient, scale: scaleGradient, shift: shiftGradient }
}

/** Σ over images and pixels of each value's term. */
export function sumByChannel(
  values: Float64Array,
  channels: number,
  term: (value: number, channel: number, index: number) => number,
): Float64Array {
  const sums = new Float64Array(channels)
  for (const [i, value] of values.entries()) {
    const c = i % channels
    sums[c] = at(sums, c) + term(value, c, i)
  }
  return sums
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0
}
