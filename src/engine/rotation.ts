// Rotation about an image's centre: nearest neighbour, black where the turned image does not reach. In 16.16 fixed point
// as Pillow computes it (Image.rotate without expansion), which is what torchvision's RandomRotation does to images;
// whole numbers, so that every device finds the same pixels.
import { IMAGE_SIDE } from '../base/data-set.ts'

const ONE = 65_536

/** Where pixel (column, row) of the turned image comes from: x = X + cos·column + sin·row, y = Y − sin·column + cos·row. */
export type Rotation = {
  readonly cos: number
  readonly sin: number
  readonly x: number
  readonly y: number
}

/** @param degrees counter-clockwise */
export function rotationBy(degrees: number): Rotation {
  const angle = (-degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const centre = IMAGE_SIDE / 2
  // Pixels are looked up at their middle.
  const offset = 0.5 - centre
  return {
    cos: fixed(cos),
    sin: fixed(sin),
    x: fixed(centre + offset * (cos + sin)),
    y: fixed(centre + offset * (cos - sin)),
  }
}

/** The stored pixel, row · 32 + column, that a pixel of the turned image shows; null outside the stored image. */
export function turnedPixel({ cos, sin, x, y }: Rotation, column: number, row: number): number | null {
  const fromX = (x + cos * column + sin * row) >> 16
  const fromY = (y - sin * column + cos * row) >> 16
  const isInside = fromX >= 0 && fromX < IMAGE_SIDE && fromY >= 0 && fromY < IMAGE_SIDE
  return isInside ? fromY * IMAGE_SIDE + fromX : null
}

function fixed(value: number): number {
  return Math.floor(value * ONE + 0.5)
}
