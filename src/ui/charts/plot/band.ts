// The band around a mean: one standard deviation to either side, where there is one, as far as such values can be.
import type { Curve } from '../../../runs/series.ts'
import type { Interval } from './axis.ts'
import { pointsOf } from './line-path.ts'
import type { PlotArea, ScaledAxis } from './plot-geometry.ts'

const ANYTHING: Interval = { low: -Infinity, high: Infinity }

/** Null for a curve of a single run. @param possible values there can be */
export function bandOf(
  { y, spread }: Curve,
  possible: Interval,
): { low: Float64Array; high: Float64Array } | null {
  if (!spread) return null
  return {
    low: y.map((value, i) => Math.max(possible.low, value - (spread.sd[i] ?? Number.NaN))),
    high: y.map((value, i) => Math.min(possible.high, value + (spread.sd[i] ?? Number.NaN))),
  }
}

/** Areas as SVG path data, one for each stretch of points that have a deviation; empty where none has. */
export function bandPath(curve: Curve, x: ScaledAxis, y: ScaledAxis, area: PlotArea): string {
  const band = bandOf(curve, y.possible ?? ANYTHING)
  if (!band) return ''
  // What a log axis cannot show ends at its low end.
  const shown = y.scale === 'log' ? band.low.map((value) => Math.max(value, y.domain.low)) : band.low
  return stretchesOf(curve.spread?.sd ?? new Float64Array())
    .map(({ from, to }) => {
      const edge = (values: Float64Array) =>
        pointsOf({ x: curve.x.subarray(from, to), y: values.subarray(from, to) }, x, y, area)
      const outline = [...edge(band.high), ...edge(shown).toReversed()]
      return `M${outline.map((place) => `${place.x.toFixed(1)},${place.y.toFixed(1)}`).join('L')}Z`
    })
    .join('')
}

/** Half-open ranges of at least two finite values. */
function stretchesOf(values: Float64Array): { from: number; to: number }[] {
  const stretches: { from: number; to: number }[] = []
  let from = 0
  for (let to = 0; to <= values.length; to++) {
    if (Number.isFinite(values[to])) continue
    if (to - from > 1) stretches.push({ from, to })
    from = to + 1
  }
  return stretches
}
