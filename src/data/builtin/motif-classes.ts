import type { Random } from '../../base/random.ts'
import { anyFigures, disc, type Figure, square, star, triangle } from './shapes.ts'
import type { Motif } from './motif.ts'
import { anyPattern, anyRings, checks, columns, dots, type Pattern, rows, waves } from './patterns.ts'

/** What an image of one class shows, drawn anew for each image. */
export type MotifClass = { readonly name: string; readonly draw: (random: Random) => Motif }

const figureClass = (name: string, figure: Figure): MotifClass => ({
  name,
  draw: (random) => anyFigures(random, figure),
})
const patternClass = (name: string, pattern: Pattern): MotifClass => ({
  name,
  draw: (random) => anyPattern(random, pattern),
})

/** The classes, in the order of their labels. */
export const MOTIF_CLASSES: readonly MotifClass[] = [
  figureClass('disc', disc),
  figureClass('square', square),
  figureClass('triangle', triangle),
  figureClass('star', star),
  patternClass('rows', rows),
  patternClass('columns', columns),
  patternClass('checks', checks),
  patternClass('dots', dots),
  patternClass('waves', waves),
  { name: 'rings', draw: anyRings },
]
