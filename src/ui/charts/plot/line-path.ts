// Curves as SVG path data. One path a line and one for all of its marks: 500 points cost one element, not 500.
import type { Curve } from '../../../runs/series.ts'
import { fractionOf, type PlotArea, type ScaledAxis } from './plot-geometry.ts'

/** In the plot, in CSS pixels from its top left corner. */
export type Point = { readonly x: number; readonly y: number }

/** Where a curve's points lie; what a log axis cannot show is left out. */
export function pointsOf(curve: Curve, x: ScaledAxis, y: ScaledAxis, area: PlotArea): readonly Point[] {
  const points: Point[] = []
  for (const [i, step] of curve.x.entries()) {
    const value = curve.y[i] ?? Number.NaN
    if (y.scale === 'log' && value <= 0) continue
    points.push({ x: fractionOf(step, x) * area.width, y: (1 - fractionOf(value, y)) * area.height })
  }
  return points
}

/** Straight from point to point. */
export const straightPath = (points: readonly Point[]) =>
  points.map((place, i) => `${i === 0 ? 'M' : 'L'}${at(place)}`).join('')

/** Level until the next point, as a learning rate is. */
export const stairsPath = (points: readonly Point[]) =>
  points.map((place, i) => (i === 0 ? `M${at(place)}` : `H${tenths(place.x)}V${tenths(place.y)}`)).join('')

/** Marks nearer to each other than this, in pixels, would run together. */
const MARK_DISTANCE = 8

/** A mark at each point: a segment of no length, which is drawn as its line cap. */
export function marksPath(points: readonly Point[]): string {
  let last = -Infinity
  let path = ''
  for (const place of points) {
    if (place.x - last < MARK_DISTANCE) continue
    path += `M${at(place)}h0`
    last = place.x
  }
  return path
}

const tenths = (pixels: number) => pixels.toFixed(1)
const at = ({ x, y }: Point) => `${tenths(x)},${tenths(y)}`
