import type { Failure } from '../../base/app-error.ts'
import { selectionMetrics } from '../../config/rate-results.ts'
import type { RunConfig } from '../../config/run-config.ts'
import type { EpochRecord, StepPoint, TrainEvent } from '../../contract/events.ts'

/** One run and all that it has reported; a new object when, and only when, something changed. */
export type RunRecord = {
  readonly run: string
  readonly config: RunConfig
  /** Why it trains no longer while its session goes on; null while it does. */
  readonly failure: Failure | null
  /** Every step, ascending. */
  readonly points: readonly StepPoint[]
  readonly epochs: readonly EpochRecord[]
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

type ReportEvent = Extract<TrainEvent, { kind: 'steps' | 'epoch' | 'rewound' }>

/** What a run has reported, with one report more. */
export function withReport(run: RunRecord, event: ReportEvent): RunRecord {
  switch (event.kind) {
    case 'steps':
      return { ...run, points: [...run.points, ...event.points] }
    case 'epoch':
      return { ...run, epochs: withEpoch(run.epochs, event) }
    case 'rewound':
      return {
        ...run,
        points: run.points.filter(({ step }) => step <= event.step),
        epochs: run.epochs.filter(({ step }) => step <= event.step),
      }
    default:
      return event satisfies never
  }
}

/** An epoch that went on after its evaluation is evaluated anew. Only the newest keeps its answers. */
function withEpoch(
  epochs: readonly EpochRecord[],
  { kind: _kind, run: _run, ...newest }: Extract<TrainEvent, { kind: 'epoch' }>,
): EpochRecord[] {
  const earlier = epochs.filter(({ epoch }) => epoch !== newest.epoch)
  const withoutAnswers = (epoch: EpochRecord) => (epoch.answers ? { ...epoch, answers: null } : epoch)
  return [...earlier.map(withoutAnswers), newest]
}
