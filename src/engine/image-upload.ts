// What goes to a device with a batch, besides the bytes of its images: how each is changed, and what a byte becomes.
import { IMAGE_CHANNELS, PLANE_BYTES } from '../base/data-set.ts'
import type { Batch, ImageNormalisation } from './engine.ts'
import { rotationBy } from './rotation.ts'

const FLOAT_BYTES = 4
/** A row of the table: four floats. */
const ROW_BYTES = 16
const BYTE_VALUES = 256
/** The table's row for what shows no stored pixel, and the first of those that hold the mean image. */
/** As many as there are bytes before it. */
export const PADDING_ROW = 256
export const MEAN_ROW = PADDING_ROW + 1

/** Bytes of `normalisationTable`. */
export function normalisationTableBytes({ kind }: ImageNormalisation): number {
  return (MEAN_ROW + (kind === 'pixel-mean' ? PLANE_BYTES : 0)) * ROW_BYTES
}

/**
 * What each byte becomes in each channel: 256 rows of red, green, blue, 0, then a row for padding, then the mean image,
 * where there is one. A table, and not arithmetic in the kernel, because WebGPU lets division round as it likes; float32
 * after every operation, as PyTorch computes it.
 */
export function normalisationTable(normalisation: ImageNormalisation): Float32Array<ArrayBuffer> {
  const table = new Float32Array(normalisationTableBytes(normalisation) / FLOAT_BYTES)
  const { kind } = normalisation
  for (let channel = 0; channel < IMAGE_CHANNELS; channel++) {
    const mean = kind === 'channels' ? Math.fround(normalisation.mean[channel] ?? 0) : 0
    const std = kind === 'channels' ? Math.fround(normalisation.std[channel] ?? 1) : 1
    for (let byte = 0; byte < BYTE_VALUES; byte++) {
      table[byte * 4 + channel] = Math.fround(Math.fround(byte / 255) - mean) / std
    }
    // Where images are centred by their own or the mean image, padding comes after: it is 0.
    table[PADDING_ROW * 4 + channel] = kind === 'channels' ? (table[channel] ?? 0) : 0
    if (kind !== 'pixel-mean') continue
    for (let pixel = 0; pixel < PLANE_BYTES; pixel++) {
      table[(MEAN_ROW + pixel) * 4 + channel] = normalisation.mean[channel * PLANE_BYTES + pixel] ?? 0
    }
  }
  return table
}

/** One word an image: label, left edge of the crop, its top edge, 1 where it is mirrored; lowest byte first. */
export function encodeImageWords({ size, labels, augmentation }: Batch): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: size }, (_, i) => {
    const left = augmentation?.left[i] ?? 0
    const top = augmentation?.top[i] ?? 0
    const flip = augmentation?.flip[i] ?? 0
    return (labels[i] ?? 0) | (left << 8) | (top << 16) | (flip << 24)
  })
}

/** Bytes of one image's `imageRotations`. */
export const ROTATION_BYTES = 16

/** Four words an image: cos, sin, x and y of its `Rotation`. */
export function imageRotations({ size, augmentation }: Batch): Int32Array<ArrayBuffer> {
  const words = new Int32Array((size * ROTATION_BYTES) / Int32Array.BYTES_PER_ELEMENT)
  for (let i = 0; i < size; i++) {
    const { cos, sin, x, y } = rotationBy(augmentation?.rotation?.[i] ?? 0)
    words.set([cos, sin, x, y], 4 * i)
  }
  return words
}
