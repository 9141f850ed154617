import type { DataSetId } from '../../base/data-set.ts'
import type { ReplyOf } from '../../contract/commands.ts'

export type ImportedEvaluation = ReplyOf<'evaluate-weights'> & {
  readonly key: string
  readonly fileName: string
  readonly set: DataSetId
}

export type ExportSlice = {
  /** Newest first. */
  readonly imported: readonly ImportedEvaluation[]
}

export const NOTHING_IMPORTED: ExportSlice = { imported: [] }
