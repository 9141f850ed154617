import { useMemo } from 'react'
import { dataSetList } from '../../client/data/data-sets.ts'
import type { StoredDataSet } from '../../contract/events.ts'
import { useLab } from '../foundation/lab-context.tsx'

/** Every known data set: class names, and what can be browsed, are read from here. */
export function useStoredDataSets(): readonly StoredDataSet[] {
  const dataSets = useLab((state) => state.dataSets)
  return useMemo(() => dataSetList({ dataSets }), [dataSets])
}
