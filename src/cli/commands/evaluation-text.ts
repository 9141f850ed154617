// A score in words, and as the Markdown tables of src/runs.
import { coarseAccuracy } from '../../base/coarse-classes.ts'
import type { DataSetId } from '../../base/data-set.ts'
import type { Evaluation } from '../../contract/evaluation.ts'
import { classScoresTable, confusionTable } from '../../runs/evaluation-tables.ts'

/** "61.97 % of 10000 test images (74.10 % on coarse classes)" */
export function accuracyText(set: DataSetId, { accuracy, total, confusion }: Evaluation): string {
  const coarse = coarseAccuracy(set, confusion)
  const fine = `${percent(accuracy)} of ${total} test images`
  return coarse === null ? fine : `${fine} (${percent(coarse)} on coarse classes)`
}

export function evaluationTables(evaluation: Evaluation, classNames: readonly string[]): string {
  const tables = [classScoresTable(evaluation, classNames), confusionTable(evaluation, classNames)]
  return tables.join('\n').trimEnd()
}

/** Two decimals, as everywhere in the lab. */
function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}
