// What the ten classes look like: how much of a pixel the figure or pattern covers.
// Only + − × ÷ and √ are used, which IEEE 754 rounds alike everywhere, so that every browser draws the same bytes.
import { IMAGE_SIDE } from '../../contract/data-set.ts'
import type { Random } from '../../contract/random.ts'

/** Covered share, 0 … 1, of the pixel with its centre at (x, y), in pixels from the top left corner. */
export type Motif = (x: number, y: number) => number

/** Signed distance from a figure's edge in pixels, negative inside; (u, v) from its centre, `radius` its size. */
type Distance = (u: number, v: number, radius: number) => number

const MIDDLE = IMAGE_SIDE / 2

const between = (random: Random, low: number, high: number) => low + (high - low) * random.uniform()

/** A pixel's covered share by its centre's distance from the edge. */
const covered = (distance: number) => Math.min(1, Math.max(0, 0.5 - distance))

/** Cosine and sine of a tilt of at most atan(`slope`), either way. */
function tilt(random: Random, slope: number): { cos: number; sin: number } {
  const tangent = between(random, -slope, slope)
  const cos = 1 / Math.sqrt(1 + tangent * tangent)
  return { cos, sin: cos * tangent }
}

// Radii are chosen so that the six figures cover about the same area.
const disc: Distance = (u, v, radius) => Math.sqrt(u * u + v * v) - radius

const ring: Distance = (u, v, radius) => Math.abs(Math.sqrt(u * u + v * v) - radius) - 0.3 * radius

const square: Distance = (u, v, radius) => Math.max(Math.abs(u), Math.abs(v)) - 0.89 * radius

const HALF_SQRT_3 = Math.sqrt(3) / 2
const triangle: Distance = (u, v, radius) => Math.max(v, HALF_SQRT_3 * Math.abs(u) - v / 2) - 0.78 * radius

const cross: Distance = (u, v, radius) => {
  const long = Math.max(Math.abs(u), Math.abs(v))
  const short = Math.min(Math.abs(u), Math.abs(v))
  return Math.max(long - 1.15 * radius, short - 0.36 * radius)
}

const COS_72 = (Math.sqrt(5) - 1) / 4
const SIN_72 = Math.sqrt(1 - COS_72 * COS_72)
const COS_36 = (Math.sqrt(5) + 1) / 4
const SIN_36 = Math.sqrt(1 - COS_36 * COS_36)

/** A point is in a pentagram when it is on the inner side of at least four of its five lines. */
const star: Distance = (u, v, radius) => {
  const across = Math.abs(u)
  const lines = [
    v,
    SIN_72 * across + COS_72 * v,
    -SIN_72 * across + COS_72 * v,
    SIN_36 * across - COS_36 * v,
    -SIN_36 * across - COS_36 * v,
  ]
  let largest = -Infinity
  let second = -Infinity
  for (const line of lines) {
    if (line > largest) {
      second = largest
      largest = line
    } else if (line > second) second = line
  }
  return second - 0.58 * radius
}

/** One figure somewhere in the image. */
function figure(random: Random, distance: Distance): Motif {
  const radius = between(random, 6, 10)
  const reach = MIDDLE - radius
  const left = MIDDLE + between(random, -reach, reach)
  const top = MIDDLE + between(random, -reach, reach)
  const { cos, sin } = tilt(random, 0.35)
  return (x, y) => {
    const u = x - left
    const v = y - top
    return covered(distance(cos * u + sin * v, cos * v - sin * u, radius))
  }
}

/** A grid's own coordinates, in periods, and the length of a period in pixels. */
type Pattern = (u: number, v: number, period: number) => number

const fraction = (value: number) => value - Math.floor(value)
/** Covered share of a stripe half a period wide. */
const stripe = (u: number, period: number) => covered((Math.abs(fraction(u) - 0.5) - 0.25) * period)

const rows: Pattern = (_u, v, period) => stripe(v, period)
const columns: Pattern = (u, _v, period) => stripe(u, period)
const checks: Pattern = (u, v, period) => {
  const a = stripe(u, period)
  const b = stripe(v, period)
  return a + b - 2 * a * b
}
const dots: Pattern = (u, v, period) => {
  const across = fraction(u) - 0.5
  const down = fraction(v) - 0.5
  return covered((Math.sqrt(across * across + down * down) - 0.32) * period)
}

/** A pattern all over the image. */
function field(random: Random, pattern: Pattern): Motif {
  const period = between(random, 5, 10)
  const phaseU = random.uniform()
  const phaseV = random.uniform()
  const { cos, sin } = tilt(random, 0.35)
  return (x, y) => {
    const u = (cos * x + sin * y) / period + phaseU
    const v = (cos * y - sin * x) / period + phaseV
    return pattern(u, v, period)
  }
}

/** The classes, in the order of their labels. */
export const MOTIFS: readonly { readonly name: string; readonly draw: (random: Random) => Motif }[] = [
  { name: 'disc', draw: (random) => figure(random, disc) },
  { name: 'ring', draw: (random) => figure(random, ring) },
  { name: 'square', draw: (random) => figure(random, square) },
  { name: 'triangle', draw: (random) => figure(random, triangle) },
  { name: 'cross', draw: (random) => figure(random, cross) },
  { name: 'star', draw: (random) => figure(random, star) },
  { name: 'rows', draw: (random) => field(random, rows) },
  { name: 'columns', draw: (random) => field(random, columns) },
  { name: 'checks', draw: (random) => field(random, checks) },
  { name: 'dots', draw: (random) => field(random, dots) },
]
