// The reference decoding of a batch, on the CPU: bytes as they are stored → crop, flip → normalised floats.
import { IMAGE_BYTES, IMAGE_CHANNELS, IMAGE_SIDE, PLANE_BYTES } from '../contract/data-set.ts'
import type { Normalisation } from '../contract/run-config.ts'
import type { Batch, BatchAugmentation } from './engine.ts'

type Images = Pick<Batch, 'size' | 'pixels' | 'augmentation'>

/** A batch's images after crop and flip, still bytes: size × 3,072, planar R, G, B. Padding is byte 0. */
export function augmentImages(images: Images): Uint8Array {
  const augmented = new Uint8Array(images.size * IMAGE_BYTES)
  for (let image = 0; image < images.size; image++) {
    const source = sourcePixels(images.augmentation, image)
    for (let channel = 0; channel < IMAGE_CHANNELS; channel++) {
      const plane = image * IMAGE_BYTES + channel * PLANE_BYTES
      for (let at = 0; at < PLANE_BYTES; at++) {
        const from = source[at] ?? PADDING
        augmented[plane + at] = from === PADDING ? 0 : (images.pixels[plane + from] ?? 0)
      }
    }
  }
  return augmented
}

/**
 * A batch as a network takes it: size × 32 × 32 × 3, (value ÷ 255 − mean) ÷ std, channels last.
 * Padding is a black pixel of the image (torchvision pads before it normalises), so it is normalised too.
 */
export function decodeBatch(images: Images, normalisation: Normalisation): Float32Array {
  const bytes = images.augmentation ? augmentImages(images) : images.pixels
  const decoded = new Float32Array(images.size * IMAGE_BYTES)
  for (let channel = 0; channel < IMAGE_CHANNELS; channel++) {
    const normalised = normalisedBytes(normalisation, channel)
    for (let image = 0; image < images.size; image++) {
      const plane = image * IMAGE_BYTES + channel * PLANE_BYTES
      const target = image * IMAGE_BYTES + channel
      for (let at = 0; at < PLANE_BYTES; at++) {
        decoded[target + at * IMAGE_CHANNELS] = normalised[bytes[plane + at] ?? 0] ?? 0
      }
    }
  }
  return decoded
}

const PADDING = -1

/** For each pixel of the augmented image, which pixel of the stored one it shows, or PADDING. */
function sourcePixels(augmentation: BatchAugmentation | null, image: number): Int32Array {
  const padding = augmentation?.padding ?? 0
  const left = (augmentation?.left[image] ?? 0) - padding
  const top = (augmentation?.top[image] ?? 0) - padding
  const mirrored = augmentation?.flip[image] === 1
  const source = new Int32Array(PLANE_BYTES)
  for (let row = 0; row < IMAGE_SIDE; row++) {
    for (let column = 0; column < IMAGE_SIDE; column++) {
      const y = top + row
      const x = left + (mirrored ? IMAGE_SIDE - 1 - column : column)
      const inside = y >= 0 && y < IMAGE_SIDE && x >= 0 && x < IMAGE_SIDE
      source[row * IMAGE_SIDE + column] = inside ? y * IMAGE_SIDE + x : PADDING
    }
  }
  return source
}

/** The normalised value of each byte of one channel, rounded to float32 after every operation as PyTorch does. */
function normalisedBytes({ mean, std }: Normalisation, channel: number): Float32Array {
  const centre = Math.fround(mean[channel] ?? 0)
  const scale = Math.fround(std[channel] ?? 1)
  return Float32Array.from(
    { length: 256 },
    (_, byte) => Math.fround(Math.fround(byte / 255) - centre) / scale,
  )
}
