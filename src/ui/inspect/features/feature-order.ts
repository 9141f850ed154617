import type { FeatureGrid } from '../../../contract/feature-grid.ts'

export type FeatureOrder = 'number' | 'purity' | 'spread'

/** The features' numbers: as they stand, or the purest or most spread first; equals by number, undefined ones last. */
export function orderedFeatures({ features }: FeatureGrid, order: FeatureOrder): readonly number[] {
  const numbers = [...features.keys()]
  if (order === 'number') return numbers
  const value = (feature: number) => features[feature]?.[order] ?? -1
  return numbers.toSorted((one, other) => value(other) - value(one) || one - other)
}
