// Classes that are a pattern all over the image.
import { IMAGE_SIDE } from '../../base/data-set.ts'
import type { Random } from '../../base/random.ts'
import { anyTilt, between } from './draws.ts'
import { coverage, type Motif } from './motif.ts'

/** Covered share at (u, v), in periods; `period` in pixels, for the width of an edge. */
export type Pattern = (u: number, v: number, period: number) => number

/** Distance from the middle of the period, in periods, 0 … 0.5. */
const fromMiddle = (u: number) => Math.abs(u - Math.floor(u) - 0.5)

/** A stripe half a period wide. */
const stripe = (u: number, period: number) => coverage((fromMiddle(u) - 0.25) * period)

export const rows: Pattern = (_u, v, period) => stripe(v, period)

export const columns: Pattern = (u, _v, period) => stripe(u, period)

export const checks: Pattern = (u, v, period) => {
  const a = stripe(u, period)
  const b = stripe(v, period)
  return a + b - 2 * a * b
}

export const dots: Pattern = (u, v, period) => {
  const across = fromMiddle(u)
  const down = fromMiddle(v)
  return coverage((Math.sqrt(across * across + down * down) - 0.34) * period)
}

/** Rows that go up and down as steeply as they can. */
export const waves: Pattern = (u, v, period) => stripe(v + 2 * fromMiddle(0.6 * u), 0.7 * period)

export function anyPattern(random: Random, pattern: Pattern): Motif {
  const period = between(random, 6, 9)
  const phaseU = random.uniform()
  const phaseV = random.uniform()
  const { cos, sin } = anyTilt(random, 0.2)
  return (x, y) =>
    pattern((cos * x + sin * y) / period + phaseU, (cos * y - sin * x) / period + phaseV, period)
}

/** Stripes about a point that is anywhere in the image. */
export function anyRings(random: Random): Motif {
  const period = between(random, 6, 9)
  const left = between(random, 0, IMAGE_SIDE)
  const top = between(random, 0, IMAGE_SIDE)
  const phase = random.uniform()
  return (x, y) => {
    const u = x - left
    const v = y - top
    return stripe(Math.sqrt(u * u + v * v) / period + phase, period)
  }
}
