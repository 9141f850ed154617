// Random draws that only use + − × ÷ and √, which IEEE 754 rounds alike everywhere: every browser draws the same bytes.
import type { Random } from '../../base/random.ts'

/** Uniform in [low, high). */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.uniform()
}

/** Turns a point about the origin. */
export type Turn = { readonly cos: number; readonly sin: number }

/** A turn of at most atan(`slope`), either way. */
export function anyTilt(random: Random, slope: number): Turn {
  const tangent = between(random, -slope, slope)
  const cos = 1 / Math.sqrt(1 + tangent * tangent)
  return { cos, sin: cos * tangent }
}
