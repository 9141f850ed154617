import type { Evaluation } from '../../contract/evaluation.ts'
import type { StepColumns } from '../../contract/run-record.ts'

/** The accent of a run's column: `--run-a` or `--run-b`. */
export type RunColour = 'a' | 'b'

/** The accents of lines: `--run-a` and so on. */
export const LINE_COLOURS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const
type LineColour = (typeof LINE_COLOURS)[number]

/** A score without its confusion matrix; accuracy 0 … 1, loss in nats. */
type ScoreSummary = Pick<Evaluation, 'loss' | 'accuracy'>

/** What a line is of. */
export const PARTS = ['train', 'validation', 'test'] as const
export type Part = (typeof PARTS)[number]

/** One finished epoch, or epoch 0, before training. `step` is the last of the epoch, counted from 1. */
export type EpochPoint = {
  readonly step: number
  readonly epoch: number
  /** Means over the epoch's training steps; accuracy 0 … 1; null for epoch 0. */
  readonly train: { readonly loss: number; readonly accuracy: number } | null
  /** Null where no images are set aside. */
  readonly validation: ScoreSummary | null
  readonly test: ScoreSummary
}

/** How a run's lines look, and what they are called. */
export type LineStyle = {
  /** Its id. */
  readonly run: string
  /** Short: "A", "B". */
  readonly label: string
  /** In words: "with identity". */
  readonly description: string
  readonly colour: LineColour
  /** The line's pattern, so that colour never tells runs apart alone. */
  readonly dashed: boolean
}

/** What the charts draw of one run. A new object when, and only when, something was added. */
export type RunSeries = LineStyle & {
  /** All of them, row i of step i + 1; the charts thin them out. */
  readonly steps: StepColumns
  readonly epochs: readonly EpochPoint[]
}

/** Several runs of one config, which are drawn as their mean and its spread. */
export type GroupSeries = LineStyle & { readonly members: readonly Pick<RunSeries, 'steps' | 'epochs'>[] }

export type RunChartsProps = {
  readonly runs: readonly (RunSeries | GroupSeries)[]
  /** Null until a run is prepared: the axis then counts steps only. */
  readonly stepsPerEpoch: number | null
  /** Steps that the longest of the runs will take: the axis is as long from the first step on. */
  readonly plannedSteps: number
  /** What was trained on what: stands in a saved picture. */
  readonly about: string
  /** True where the runs' images are generated: said beside the metrics. */
  readonly synthetic: boolean
}
