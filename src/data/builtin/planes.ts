// Values that vary over an image: slopes, clouds and grain.
import { IMAGE_SIDE } from '../../base/data-set.ts'
import type { Random } from '../../base/random.ts'
import { between } from './draws.ts'

/** One value a pixel, rows first. */
export type Plane = Float32Array

/** A value that changes evenly: `start` in the middle of the top left pixel, then so much a column and a row. */
export type Slope = { readonly start: number; readonly perColumn: number; readonly perRow: number }

/** A slope through `middle` at the image's centre that changes by at most `most` from there to each edge. */
export function anySlope(random: Random, middle: number, most: number): Slope {
  const half = (IMAGE_SIDE - 1) / 2
  const perColumn = between(random, -most, most) / half
  const perRow = between(random, -most, most) / half
  return { start: middle - (perColumn + perRow) * half, perColumn, perRow }
}

const CLOUD_CELLS = 4
const CLOUD_CORNERS = CLOUD_CELLS + 1

/** Fills `plane` with a slope and, on it, clouds: random values at the corners of 8×8 cells, interpolated between them. */
export function fillWithClouds(random: Random, plane: Plane, slope: Slope, depth: number): void {
  const side = IMAGE_SIDE
  const corners = new Float32Array(CLOUD_CORNERS ** 2)
  for (let i = 0; i < corners.length; i++) corners[i] = between(random, -depth, depth)
  for (let row = 0, at = 0; row < side; row++) {
    const down = (row * CLOUD_CELLS) / side
    const cellRow = Math.floor(down)
    for (let column = 0; column < side; column++, at++) {
      const across = (column * CLOUD_CELLS) / side
      const cellColumn = Math.floor(across)
      const corner = cellRow * CLOUD_CORNERS + cellColumn
      const above = mix(corners[corner] ?? 0, corners[corner + 1] ?? 0, across - cellColumn)
      const lower = corner + CLOUD_CORNERS
      const below = mix(corners[lower] ?? 0, corners[lower + 1] ?? 0, across - cellColumn)
      plane[at] =
        slope.start + slope.perColumn * column + slope.perRow * row + mix(above, below, down - cellRow)
    }
  }
}

const mix = (from: number, to: number, share: number) => from + (to - from) * share

/** Nearly normal values of mean 0 and variance 1: the scaled sum of four uniform ones (Irwin–Hall). */
export function createGrain(random: Random, length: number): Float32Array {
  const scale = Math.sqrt(3)
  return Float32Array.from({ length }, () => {
    const sum = random.uniform() + random.uniform() + random.uniform() + random.uniform()
    return (sum - 2) * scale
  })
}
