// The reference decoding of a batch, on the CPU: bytes as they are stored → rotation, crop, flip → normalised floats.
import { IMAGE_BYTES, IMAGE_CHANNELS, IMAGE_SIDE, PLANE_BYTES } from '../base/data-set.ts'
import type { Batch, BatchAugmentation, ImageNormalisation } from './engine.ts'
import { type Rotation, rotationBy, turnedPixel } from './rotation.ts'

type Images = Pick<Batch, 'size' | 'pixels' | 'augmentation'>

/** A batch's images after augmentation, still bytes: size × 3,072, planar R, G, B. Padding is byte 0. */
export function augmentImages({ size, pixels, augmentation }: Images): Uint8Array {
  const augmented = new Uint8Array(size * IMAGE_BYTES)
  for (let image = 0; image < size; image++) {
    const source = sourcePixels(augmentation, image)
    for (let channel = 0; channel < IMAGE_CHANNELS; channel++) {
      const plane = image * IMAGE_BYTES + channel * PLANE_BYTES
      for (let at = 0; at < PLANE_BYTES; at++) {
        const from = source[at] ?? PADDING
        augmented[plane + at] = from === PADDING ? 0 : (pixels[plane + from] ?? 0)
      }
    }
  }
  return augmented
}

/**
 * A batch as a network takes it: size × 32 × 32 × 3, normalised, channels last. Float32 after every operation, as in
 * PyTorch. Whatever shows no stored pixel is a black pixel, normalised like the others, where channels are (torchvision
 * pads first), and 0 where a mean image or the image's own mean is subtracted (both are, before the padding).
 */
export function decodeBatch(images: Images, normalisation: ImageNormalisation): Float32Array {
  const decoded = new Float32Array(images.size * IMAGE_BYTES)
  for (let image = 0; image < images.size; image++) {
    const pixels = images.pixels.subarray(image * IMAGE_BYTES, (image + 1) * IMAGE_BYTES)
    const source = sourcePixels(images.augmentation, image)
    const normalised = normaliserOf(pixels, normalisation)
    for (let at = 0; at < PLANE_BYTES; at++) {
      const from = source[at] ?? PADDING
      for (let channel = 0; channel < IMAGE_CHANNELS; channel++) {
        const target = image * IMAGE_BYTES + at * IMAGE_CHANNELS + channel
        decoded[target] = from === PADDING ? normalised.padding(channel) : normalised.value(channel, from)
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
  const rotation = rotationBy(augmentation?.rotation?.[image] ?? 0)
  const source = new Int32Array(PLANE_BYTES)
  for (let row = 0; row < IMAGE_SIDE; row++) {
    for (let column = 0; column < IMAGE_SIDE; column++) {
      const x = left + (mirrored ? IMAGE_SIDE - 1 - column : column)
      source[row * IMAGE_SIDE + column] = sourceOf(rotation, x, top + row)
    }
  }
  return source
}

function sourceOf(rotation: Rotation, x: number, y: number): number {
  const isInside = y >= 0 && y < IMAGE_SIDE && x >= 0 && x < IMAGE_SIDE
  return isInside ? (turnedPixel(rotation, x, y) ?? PADDING) : PADDING
}

/** One image's pixels, normalised. */
type Normaliser = {
  /** @param pixel row · 32 + column of the stored image */
  value(channel: number, pixel: number): number
  padding(channel: number): number
}

function normaliserOf(pixels: Uint8Array, normalisation: ImageNormalisation): Normaliser {
  const { fround } = Math
  const share = (channel: number, pixel: number) => fround((pixels[channel * PLANE_BYTES + pixel] ?? 0) / 255)
  switch (normalisation.kind) {
    case 'channels': {
      const mean = Float32Array.from(normalisation.mean)
      const std = Float32Array.from(normalisation.std)
      const normalise = (value: number, channel: number) =>
        fround(value - (mean[channel] ?? 0)) / (std[channel] ?? 1)
      return {
        value: (channel, pixel) => normalise(share(channel, pixel), channel),
        padding: (channel) => normalise(0, channel),
      }
    }
    case 'image-mean': {
      const mean = imageMean(pixels)
      return { value: (channel, pixel) => share(channel, pixel) - mean, padding: () => 0 }
    }
    case 'pixel-mean': {
      const { mean } = normalisation
      return {
        value: (channel, pixel) => share(channel, pixel) - (mean[channel * PLANE_BYTES + pixel] ?? 0),
        padding: () => 0,
      }
    }
    default:
      return normalisation satisfies never
  }
}

/** 1 ÷ (255 · 3,072) in float32: an image's bytes sum to a whole number that float32 holds exactly, so one rounding follows. */
export const IMAGE_MEAN_SHARE = Math.fround(1 / (255 * IMAGE_BYTES))

/** The mean of value ÷ 255 over all pixels and channels of a stored image. */
function imageMean(pixels: Uint8Array): number {
  return Math.fround(pixels.reduce((sum, byte) => sum + byte, 0) * IMAGE_MEAN_SHARE)
}
