// What a run in training has reported, and how each report changes it: for the page and for the command line.
import type { EpochRecord, TrainEvent } from '../contract/events.ts'
import type { StepColumns } from '../contract/run-record.ts'
import { NO_STEPS, rowsBetween, withRows } from './step-columns.ts'

export type RunReports = {
  /** Of every step, from the first on; NaN for those before the run was followed. */
  readonly steps: StepColumns
  readonly epochs: readonly EpochRecord[]
}

export const NO_REPORTS: RunReports = { steps: NO_STEPS, epochs: [] }

type ReportEvent = Extract<TrainEvent, { kind: 'steps' | 'epoch' | 'rewound' }>

/** With one report more. */
export function withReport<Run extends RunReports>(run: Run, event: ReportEvent): Run {
  switch (event.kind) {
    case 'steps': {
      const [first] = event.points
      return first ? { ...run, steps: withRows(stepsBefore(run, first.step), event.points) } : run
    }
    case 'epoch':
      return { ...run, epochs: withEpoch(run.epochs, event) }
    case 'rewound':
      return {
        ...run,
        steps: rowsBetween(run.steps, 0, event.step),
        epochs: run.epochs.filter(({ step }) => step <= event.step),
      }
    default:
      return event satisfies never
  }
}

/** Row i is of step i + 1, whatever was reported before. */
function stepsBefore({ steps }: RunReports, step: number): StepColumns {
  const missing = step - 1 - steps.loss.length
  return missing > 0 ? withRows(steps, unknownSteps(missing)) : rowsBetween(steps, 0, step - 1)
}

/** Their `step` is not read. */
const unknownSteps = (count: number) =>
  Array.from({ length: count }, () => ({
    step: 0,
    loss: Number.NaN,
    accuracy: Number.NaN,
    learningRate: Number.NaN,
  }))

/** An epoch that went on after its evaluation is evaluated anew. Only the newest keeps its answers. */
function withEpoch(
  epochs: readonly EpochRecord[],
  { kind: _kind, run: _run, ...newest }: Extract<TrainEvent, { kind: 'epoch' }>,
): EpochRecord[] {
  const earlier = epochs.filter(({ epoch }) => epoch !== newest.epoch)
  const withoutAnswers = (epoch: EpochRecord) => (epoch.answers ? { ...epoch, answers: null } : epoch)
  return [...earlier.map(withoutAnswers), newest]
}
