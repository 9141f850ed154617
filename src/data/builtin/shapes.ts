// Classes that are a shape, once or a few times, anywhere in the image.
import { IMAGE_SIDE } from '../../base/data-set.ts'
import type { Random } from '../../base/random.ts'
import { anyTilt, between } from './draws.ts'
import { coverage, type Motif } from './motif.ts'

/** Signed distance from an edge in pixels, negative inside; (u, v) from the centre. Filled, all shapes of one radius have the disc's area. */
export type Shape = (u: number, v: number, radius: number) => number

export const disc: Shape = (u, v, radius) => Math.sqrt(u * u + v * v) - radius

export const square: Shape = (u, v, radius) => Math.max(Math.abs(u), Math.abs(v)) - 0.89 * radius

const HALF_SQRT_3 = Math.sqrt(3) / 2
export const triangle: Shape = (u, v, radius) =>
  Math.max(v, HALF_SQRT_3 * Math.abs(u) - v / 2) - 0.78 * radius

const COS_72 = (Math.sqrt(5) - 1) / 4
const SIN_72 = Math.sqrt(1 - COS_72 * COS_72)
const COS_36 = (Math.sqrt(5) + 1) / 4
const SIN_36 = Math.sqrt(1 - COS_36 * COS_36)

/**
 * A point is in a pentagram when it is on the inner side of at least four of its five lines, so the second largest of
 * five distances decides. Of a line and its mirror image, the one on the point's own side is the larger.
 */
export const star: Shape = (u, v, radius) => {
  const across = Math.abs(u)
  const upper = COS_72 * v + SIN_72 * across
  const lower = -COS_36 * v + SIN_36 * across
  const otherUpper = upper - 2 * SIN_72 * across
  const otherLower = lower - 2 * SIN_36 * across
  const median = Math.max(Math.min(v, upper), Math.min(Math.max(v, upper), lower))
  return Math.max(median, otherUpper, otherLower) - 0.52 * radius
}

/** Ground that shows around a copy where it lies on another, in pixels. */
const GAP = 1.2

/** One to three copies, each anywhere in the image; filled, or one time in three outlines. */
export function randomShapes(random: Random, shape: Shape): Motif {
  const outlined = random.below(3) === 0
  const copies = [anyCopy(random, shape, outlined, 11)]
  for (let more = random.below(3); more > 0; more--) copies.push(anyCopy(random, shape, outlined, 7))
  return (x, y) => {
    let covered = 0
    for (const distanceAt of copies) {
      const distance = distanceAt(x, y)
      covered = Math.max(coverage(distance), covered * (1 - coverage(distance - GAP)))
    }
    return covered
  }
}

/** Signed distance from a copy's edge, of the pixel with its centre at (x, y). */
function anyCopy(
  random: Random,
  shape: Shape,
  outlined: boolean,
  largest: number,
): (x: number, y: number) => number {
  const radius = between(random, 5, largest)
  const middle = IMAGE_SIDE / 2
  const reach = middle - 0.8 * radius
  const left = middle + between(random, -reach, reach)
  const top = middle + between(random, -reach, reach)
  const { cos, sin } = anyTilt(random, 0.4)
  const wall = outlined ? 0.2 * radius : radius
  return (x, y) => {
    const u = x - left
    const v = y - top
    return Math.abs(shape(cos * u + sin * v, cos * v - sin * u, radius) + wall) - wall
  }
}
