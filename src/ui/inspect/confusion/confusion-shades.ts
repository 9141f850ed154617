import { cellOf, levelOf } from './confusion-values.ts'
import type { ConfusionView } from './confusion-view.ts'

/** Enough that neighbouring shades can hardly be told apart. */
const SHADES = 16

export type Shade = {
  /** −1 … 1, not 0. */
  readonly level: number
  /** SVG path data of the unit squares of all cells of this shade; x is the predicted class, y the true one. */
  readonly path: string
}

/** A matrix as at most 2 × 16 paths, however many cells it has. Cells that round to no colour are left to the page. */
export function shadesOf(view: ConfusionView): readonly Shade[] {
  const paths = new Map<number, string>()
  for (let truth = 0; truth < view.matrix.length; truth++) {
    for (let predicted = 0; predicted < view.matrix.length; predicted++) {
      const level = levelOf(cellOf(view.matrix, truth, predicted), view.largest)
      const shade = Math.sign(level) * Math.ceil(Math.abs(level) * SHADES)
      if (shade !== 0) paths.set(shade, `${paths.get(shade) ?? ''}M${predicted},${truth}h1v1h-1z`)
    }
  }
  return [...paths].map(([shade, path]) => ({ level: shade / SHADES, path }))
}
