// Results over runs and seeds as a table, whatever it is written as.
import type { MeanAndSd } from './statistics/statistics.ts'

/** Text, or a number over seeds in the unit of its column. */
export type ResultsCell = string | (MeanAndSd & { readonly digits: number })

export type ResultsTable = {
  /** What was trained on what, and after which epoch: a caption. */
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly ResultsCell[])[]
}

/** "91.25 ± 0.21"; for one seed "91.25" */
export function cellText(cell: ResultsCell): string {
  if (typeof cell === 'string') return cell
  const { mean, sd, digits } = cell
  return sd === null ? mean.toFixed(digits) : `${mean.toFixed(digits)} ± ${sd.toFixed(digits)}`
}
