import { IMAGE_BYTES, PLANE_BYTES } from '../contract/data-set.ts'

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
