// Confusion matrices as values to show: counts or shares of a row, of one score or of the difference of two.
import type { Evaluation } from '../../../contract/evaluation.ts'

export type ConfusionUnit = 'count' | 'share'

export type Confusion = Evaluation['confusion']

/** [true class][predicted class]; NaN in the rows of a class without images, where the unit is a share. */
export type Matrix = readonly (readonly number[])[]

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

export const cellOf = (matrix: Matrix, truth: number, predicted: number) =>
  matrix[truth]?.[predicted] ?? Number.NaN

export const imagesOf = (confusion: Confusion, truth: number) => sum(confusion[truth] ?? [])

export function matrixOf(confusion: Confusion, unit: ConfusionUnit): Matrix {
  if (unit === 'count') return confusion
  return confusion.map((row) => {
    const images = sum(row)
    return row.map((count) => (images === 0 ? Number.NaN : count / images))
  })
}

/** b − a, cell by cell: above 0 where b has more. */
export function differenceOf(a: Matrix, b: Matrix): Matrix {
  return b.map((row, truth) => row.map((value, predicted) => value - cellOf(a, truth, predicted)))
}

/** The largest magnitude of any cell; 0 where there is none. */
export function largestOf(matrix: Matrix): number {
  let largest = 0
  for (const row of matrix) for (const value of row) if (Math.abs(value) > largest) largest = Math.abs(value)
  return largest
}

/**
 * How strongly a cell is coloured, −1 … 1, with the sign of the value. The square root lifts the rare confusions, which
 * are what one looks for, above the diagonal's glare.
 */
export function levelOf(value: number, largest: number): number {
  if (!Number.isFinite(value) || largest === 0) return 0
  return Math.sign(value) * Math.sqrt(Math.abs(value) / largest)
}

/** The value that `levelOf` maps to a level. */
export const valueAt = (level: number, largest: number) => Math.sign(level) * level ** 2 * largest

export type ConfusedPair = {
  readonly truth: number
  readonly predicted: number
  readonly count: number
  /** Images of the true class. */
  readonly images: number
}

/** The commonest mistakes, most images first; among equals the larger share of the class first. */
export function worstPairs(confusion: Confusion, limit: number): readonly ConfusedPair[] {
  return confusion
    .flatMap((row, truth) => {
      const images = sum(row)
      return row.map((count, predicted) => ({ truth, predicted, count, images }))
    })
    .filter(({ truth, predicted, count }) => truth !== predicted && count > 0)
    .toSorted(
      (x, y) => y.count - x.count || x.images - y.images || x.truth - y.truth || x.predicted - y.predicted,
    )
    .slice(0, limit)
}
