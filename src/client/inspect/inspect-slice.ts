import type { DataSetId } from '../../base/data-set.ts'
import type { FeatureGrid } from '../../contract/feature-grid.ts'
import type { Side } from '../../runs/pair.ts'

export type InspectRecord = {
  /** Of the ranking of features under way: test images done, of all. */
  readonly ranking: { readonly images: number; readonly total: number } | null
}

export type InspectSlice = InspectRecord & {
  /** What was ranked last; null before. */
  readonly ranked: RankedFeatures | null
}

/** A run's features, with its weights after so many steps. */
type RankedFeatures = {
  readonly run: string
  readonly side: Side
  readonly set: DataSetId
  readonly steps: number
  readonly grid: FeatureGrid
}

export const NOTHING_RANKED: InspectSlice = { ranking: null, ranked: null }
