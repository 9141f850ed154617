import type { Failure } from '../../base/app-error.ts'
import { selectionMetrics } from '../../schedules/evaluated-epoch.ts'
import type { RunConfig } from '../../config/run-config.ts'
import type { EpochRecord } from '../../contract/events.ts'
import type { RunReports } from '../../runs/run-reports.ts'

/** One run and all that it has reported; a new object when, and only when, something changed. */
export type RunRecord = RunReports & {
  readonly run: string
  readonly config: RunConfig
  /** Why it trains no longer while its session goes on; null while it does. */
  readonly failure: Failure | null
}

/**
 * The epoch with the best accuracy so far, the earliest of equals: on the validation images where some are set aside,
 * else on the test images. Null before the first evaluation.
 */
export function bestEpoch({ epochs }: Pick<RunRecord, 'epochs'>): EpochRecord | null {
  const accuracy = (epoch: EpochRecord) => selectionMetrics(epoch).accuracy
  return epochs.reduce<EpochRecord | null>(
    (best, epoch) => (best === null || accuracy(epoch) > accuracy(best) ? epoch : best),
    null,
  )
}
