import { IMAGE_BYTES } from '../../base/data-set.ts'
import type { ImageSet } from '../image-set.ts'

/** Some images of a split, as a gallery shows them. */
export type ImagePage = {
  /** Places in the split. */
  readonly indices: number[]
  readonly labels: number[]
  /** indices.length × 3,072 bytes, planar R, G, B. */
  readonly pixels: Uint8Array<ArrayBuffer>
  /** Images that match, of which these are a page. */
  readonly total: number
}

/** Which images of a class (of all where `label` is null) are on the page that skips `offset` and holds `count`. */
export function pageIndices(
  labels: Uint8Array,
  label: number | null,
  offset: number,
  count: number,
): { indices: number[]; total: number } {
  const indices: number[] = []
  let total = 0
  for (const [index, found] of labels.entries()) {
    if (label !== null && found !== label) continue
    if (total >= offset && indices.length < count) indices.push(index)
    total++
  }
  return { indices, total }
}

export function pageOf(images: ImageSet, label: number | null, offset: number, count: number): ImagePage {
  const { indices, total } = pageIndices(images.labels, label, offset, count)
  const pixels = new Uint8Array(indices.length * IMAGE_BYTES)
  for (const [at, index] of indices.entries()) {
    pixels.set(images.pixels.subarray(index * IMAGE_BYTES, (index + 1) * IMAGE_BYTES), at * IMAGE_BYTES)
  }
  return { indices, labels: indices.map((index) => images.labels[index] ?? 0), pixels, total }
}
