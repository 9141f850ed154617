import { IMAGE_BYTES } from '../base/data-set.ts'
import type { Batch } from './engine.ts'

/** A batch as passes take it: `most` images each at most. */
export function partsOf(batch: Batch, most: number): Batch[] {
  const parts = Math.ceil(batch.size / most)
  return Array.from({ length: parts }, (_, i) => partOf(batch, i * most, most))
}

/** The images from `from` on, `most` at most. */
function partOf({ size, pixels, labels, augmentation }: Batch, from: number, most: number): Batch {
  const to = Math.min(size, from + most)
  return {
    size: to - from,
    pixels: pixels.subarray(from * IMAGE_BYTES, to * IMAGE_BYTES),
    labels: labels.subarray(from, to),
    augmentation: augmentation && {
      rotation: augmentation.rotation?.subarray(from, to) ?? null,
      padding: augmentation.padding,
      left: augmentation.left.subarray(from, to),
      top: augmentation.top.subarray(from, to),
      flip: augmentation.flip.subarray(from, to),
    },
  }
}
