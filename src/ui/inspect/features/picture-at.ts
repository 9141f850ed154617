import { type FeatureRow, IMAGES_A_SIDE, type RankedImage } from '../../../contract/feature-grid.ts'

export const COLUMNS = 2 * IMAGES_A_SIDE

/** The image in a column of a row: the lowest from the left, the highest up to the right, nothing between. */
export function pictureAt({ lowest, highest }: FeatureRow, column: number): RankedImage | null {
  return lowest[column] ?? highest[column - (COLUMNS - highest.length)] ?? null
}
