// Curves of several runs as one: their mean and spread, and how many runs they are of, at every x.
import type { Curve } from './series.ts'

/**
 * At every x that any of the curves has, over those that have it with a finite y: runs of different lengths end where
 * they end, and n says so.
 */
export function meanCurve(curves: readonly Curve[]): Required<Curve> {
  const x = unionOf(curves.map((curve) => curve.x))
  const mean = new Float64Array(x.length)
  const squares = new Float64Array(x.length)
  const n = new Float64Array(x.length)
  for (const curve of curves) {
    let at = 0
    for (let i = 0; i < curve.x.length; i++) {
      while ((x[at] ?? Infinity) < (curve.x[i] ?? 0)) at++
      const value = curve.y[i] ?? Number.NaN
      if (!Number.isFinite(value)) continue
      // Welford's update (Technometrics 4, 1962).
      const count = (n[at] ?? 0) + 1
      const before = mean[at] ?? 0
      const after = before + (value - before) / count
      n[at] = count
      mean[at] = after
      squares[at] = (squares[at] ?? 0) + (value - before) * (value - after)
    }
  }
  const sd = new Float64Array(x.length)
  for (let i = 0; i < x.length; i++) {
    const count = n[i] ?? 0
    if (count === 0) mean[i] = Number.NaN
    sd[i] = count < 2 ? Number.NaN : Math.sqrt((squares[i] ?? 0) / (count - 1))
  }
  return { x, y: mean, spread: { sd, n } }
}

/** Every value of the lists, each once, ascending. */
function unionOf(lists: readonly Float64Array[]): Float64Array {
  const [longest, ...others] = lists.toSorted((one, other) => other.length - one.length)
  if (!longest) return new Float64Array()
  return others.reduce(merge, longest)
}

function merge(one: Float64Array, other: Float64Array): Float64Array {
  const merged = new Float64Array(one.length + other.length)
  let [i, j, count] = [0, 0, 0]
  while (i < one.length || j < other.length) {
    const [a, b] = [one[i] ?? Infinity, other[j] ?? Infinity]
    merged[count++] = Math.min(a, b)
    if (a <= b) i++
    if (b <= a) j++
  }
  return count === one.length ? one : merged.slice(0, count)
}
