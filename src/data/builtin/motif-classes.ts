import type { Random } from '../../base/random.ts'
import { randomShapes, disc, type Shape, square, star, triangle } from './shapes.ts'
import type { Motif } from './motif.ts'
import { anyPattern, anyRings, checks, columns, dots, type Pattern, rows, waves } from './patterns.ts'

/** What an image of one class shows, drawn anew for each image. */
export type MotifClass = { readonly name: string; readonly draw: (random: Random) => Motif }

const metricClass = (name: string, shape: Shape): MotifClass => ({
  name,
  draw: (random) => randomShapes(random, shape),
})
const patternClass = (name: string, pattern: Pattern): MotifClass => ({
  name,
  draw: (random) => anyPattern(random, pattern),
})

/** The classes, in the order of their labels. */
export const MOTIF_CLASSES: readonly MotifClass[] = [
  metricClass('disc', disc),
  metricClass('square', square),
  metricClass('triangle', triangle),
  metricClass('star', star),
  patternClass('rows', rows),
  patternClass('columns', columns),
  patternClass('checks', checks),
  patternClass('dots', dots),
  patternClass('waves', waves),
  { name: 'rings', draw: anyRings },
]
