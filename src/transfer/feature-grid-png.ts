// A feature grid as a picture: a row a feature, the images with the lowest activations on the left, those with the
// highest on the right.
import { IMAGE_BYTES, IMAGE_SIDE, PLANE_BYTES } from '../base/data-set.ts'
import {
  type FeatureGrid,
  type FeatureRow,
  IMAGES_A_SIDE,
  type RankedImage,
} from '../contract/feature-grid.ts'
import { encodePng } from './png.ts'

const COLUMNS = 2 * IMAGES_A_SIDE
const WIDTH = COLUMNS * IMAGE_SIDE
const ROW_BYTES = WIDTH * 3

/**
 * Columns × 32 pixels wide, features × 32 high. Where fewer images were ranked than a side has room for, the middle stays
 * black.
 * @param pixels the test images, planar, at least those of the grid
 */
export function featureGridPng(
  { features }: FeatureGrid,
  pixels: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const size = { width: WIDTH, height: features.length * IMAGE_SIDE }
  return encodePng(size, stripsOf(features, pixels))
}

function* stripsOf(features: readonly FeatureRow[], pixels: Uint8Array): Generator<Uint8Array> {
  for (const { lowest, highest } of features) {
    const strip = new Uint8Array(IMAGE_SIDE * ROW_BYTES)
    for (const [i, image] of lowest.entries()) paint(strip, i, image, pixels)
    const from = COLUMNS - highest.length
    for (const [i, image] of highest.entries()) paint(strip, from + i, image, pixels)
    yield strip
  }
}

function paint(strip: Uint8Array, column: number, { image }: RankedImage, pixels: Uint8Array): void {
  for (let at = 0; at < PLANE_BYTES; at++) {
    const [y, x] = [Math.floor(at / IMAGE_SIDE), at % IMAGE_SIDE]
    const to = y * ROW_BYTES + (column * IMAGE_SIDE + x) * 3
    for (let channel = 0; channel < 3; channel++) {
      strip[to + channel] = pixels[image * IMAGE_BYTES + channel * PLANE_BYTES + at] ?? 0
    }
  }
}
