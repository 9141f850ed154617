// Curves as SVG path data. One path a line and one for all of its marks: 500 points cost one element, not 500.
import type { Curve } from '../../../runs/series.ts'
import { fractionOf, type PlotArea, type ScaledAxis } from './plot-geometry.ts'

/** In the plot, in CSS pixels from its top left corner. */
export type Place = { readonly x: number; readonly y: number }

/** Where a curve's points lie; what a log axis cannot show is left out. */
export function placesOf(curve: Curve, x: ScaledAxis, y: ScaledAxis, area: PlotArea): readonly Place[] {
  const places: Place[] = []
  for (const [i, step] of curve.x.entries()) {
    const value = curve.y[i] ?? Number.NaN
    if (y.scale === 'log' && value <= 0) continue
    places.push({ x: fractionOf(step, x) * area.width, y: (1 - fractionOf(value, y)) * area.height })
  }
  return places
}

/** Straight from point to point. */
export const straightPath = (places: readonly Place[]) =>
  places.map((place, i) => `${i === 0 ? 'M' : 'L'}${at(place)}`).join('')

/** Level until the next point, as a learning rate is. */
export const stairsPath = (places: readonly Place[]) =>
  places.map((place, i) => (i === 0 ? `M${at(place)}` : `H${tenths(place.x)}V${tenths(place.y)}`)).join('')

/** Marks nearer to each other than this, in pixels, would run together. */
const MARK_DISTANCE = 8

/** A mark at each point: a segment of no length, which is drawn as its line cap. */
export function marksPath(places: readonly Place[]): string {
  let last = -Infinity
  let path = ''
  for (const place of places) {
    if (place.x - last < MARK_DISTANCE) continue
    path += `M${at(place)}h0`
    last = place.x
  }
  return path
}

const tenths = (pixels: number) => pixels.toFixed(1)
const at = ({ x, y }: Place) => `${tenths(x)},${tenths(y)}`
