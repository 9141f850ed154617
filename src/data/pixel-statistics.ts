// What normalisations take from the training images, of pixel values divided by 255.
import { IMAGE_BYTES, IMAGE_CHANNELS, PLANE_BYTES } from '../base/data-set.ts'
import type { ChannelNormalisation } from '../base/image-config.ts'
import type { ImageSet } from './image-set.ts'

const BYTE_VALUES = 256

/** The mean image, 3,072 values, planar as an image is. */
export function meanImage({ count, pixels }: ImageSet): Float32Array {
  const sums = new Float64Array(IMAGE_BYTES)
  for (let image = 0; image < count; image++) {
    const from = image * IMAGE_BYTES
    for (let i = 0; i < IMAGE_BYTES; i++) sums[i] = (sums[i] ?? 0) + (pixels[from + i] ?? 0)
  }
  return Float32Array.from(sums, (sum) => sum / (255 * count))
}

/** Each channel's mean and (population) standard deviation; a channel of one colour keeps its scale. */
export function channelStatistics(images: ImageSet): ChannelNormalisation {
  const [red, green, blue] = [0, 1, 2].map((channel) => momentsOf(channelHistogram(images, channel)))
  if (!red || !green || !blue) throw new Error('an image has three channels')
  return {
    kind: 'channels',
    mean: [red.mean, green.mean, blue.mean],
    std: [red.std, green.std, blue.std],
  }
}

/** How often each byte occurs in a channel. */
function channelHistogram({ count, pixels }: ImageSet, channel: number): Float64Array {
  const histogram = new Float64Array(BYTE_VALUES)
  for (let plane = channel; plane < count * IMAGE_CHANNELS; plane += IMAGE_CHANNELS) {
    for (const byte of pixels.subarray(plane * PLANE_BYTES, (plane + 1) * PLANE_BYTES)) {
      histogram[byte] = (histogram[byte] ?? 0) + 1
    }
  }
  return histogram
}

function momentsOf(histogram: Float64Array): { mean: number; std: number } {
  const count = histogram.reduce((sum, occurrences) => sum + occurrences, 0)
  const mean = histogram.reduce((sum, occurrences, byte) => sum + occurrences * byte, 0) / count
  const variance =
    histogram.reduce((sum, occurrences, byte) => sum + occurrences * (byte - mean) ** 2, 0) / count
  return { mean: mean / 255, std: variance === 0 ? 1 : Math.sqrt(variance) / 255 }
}
