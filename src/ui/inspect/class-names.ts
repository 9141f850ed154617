import { DATA_SETS, type DataSetId } from '../../base/data-set.ts'
import type { StoredDataSet } from '../../contract/events.ts'

/** The names of a set's classes in the order of their labels; "class 7" while the set's own are not known. */
export function classNamesOf(set: DataSetId, dataSets: readonly StoredDataSet[]): readonly string[] {
  const known = dataSets.find((status) => status.set === set)?.classNames ?? []
  return Array.from({ length: DATA_SETS[set].classes }, (_, label) => known[label] ?? `class ${label}`)
}
