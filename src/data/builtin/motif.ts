/** Covered share, 0 … 1, of the pixel with its centre at (x, y), in pixels from the image's top left corner. */
export type Motif = (x: number, y: number) => number

/** A pixel's covered share by its centre's signed distance from an edge, in pixels, negative inside. */
export function coverage(distance: number): number {
  return Math.min(1, Math.max(0, 0.5 - distance))
}
