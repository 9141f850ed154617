// Curves of several runs as one: their mean and spread, and how many runs they are of, at every x.
import type { Curve } from '../series.ts'

/**
 * At every x that any of the curves has, over those that have it with a finite y: runs of different lengths end where
 * they end, and n says so.
 */
export function meanCurve(curves: readonly Curve[]): Required<Curve> {
  const x = unionOf(curves.map((curve) => curve.x))
  const [mean, sd, n] = [new Float64Array(x.length), new Float64Array(x.length), new Float64Array(x.length)]
  for (const curve of curves) {
    forEachPoint(curve, x, (at, value) => {
      mean[at] = (mean[at] ?? 0) + value
      n[at] = (n[at] ?? 0) + 1
    })
  }
  // Nothing over nothing is no number: a gap.
  for (let i = 0; i < x.length; i++) mean[i] = (mean[i] ?? 0) / (n[i] ?? 0)
  for (const curve of curves) {
    forEachPoint(curve, x, (at, value) => {
      sd[at] = (sd[at] ?? 0) + (value - (mean[at] ?? 0)) ** 2
    })
  }
  for (let i = 0; i < x.length; i++) {
    const degrees = (n[i] ?? 0) - 1
    sd[i] = degrees < 1 ? Number.NaN : Math.sqrt((sd[i] ?? 0) / degrees)
  }
  return { x, y: mean, spread: { sd, n } }
}

/** Visits what is finite, with its place in `x`, which holds all of the curve's. */
function forEachPoint(curve: Curve, x: Float64Array, visit: (at: number, value: number) => void): void {
  let at = 0
  for (let i = 0; i < curve.x.length; i++) {
    const where = curve.x[i] ?? 0
    while ((x[at] ?? Infinity) < where) at++
    const value = curve.y[i] ?? Number.NaN
    if (Number.isFinite(value)) visit(at, value)
  }
}

/** Every value of the lists, each once, ascending. */
function unionOf(lists: readonly Float64Array[]): Float64Array {
  const [longest, ...others] = lists.toSorted((one, other) => other.length - one.length)
  if (!longest) return new Float64Array()
  return others.reduce(merge, longest)
}

function merge(one: Float64Array, other: Float64Array): Float64Array {
  // As a rule: steps are counted from 1.
  if (other.every((value, i) => value === one[i])) return one
  const merged = new Float64Array(one.length + other.length)
  let [i, j, count] = [0, 0, 0]
  while (i < one.length || j < other.length) {
    const [a, b] = [one[i] ?? Infinity, other[j] ?? Infinity]
    merged[count++] = Math.min(a, b)
    if (a <= b) i++
    if (b <= a) j++
  }
  return merged.slice(0, count)
}
