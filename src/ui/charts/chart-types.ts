import type { Evaluation } from '../../contract/evaluation.ts'
import type { StepPoint } from '../../contract/events.ts'

/** The accent of a run's column: `--run-a` or `--run-b`. */
export type RunColour = 'a' | 'b'

/** A score without its confusion matrix; accuracy 0 … 1, loss in nats. */
type ScoreSummary = Pick<Evaluation, 'loss' | 'accuracy' | 'correct' | 'total'>

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

/** What the charts draw of one run. A new object when, and only when, something was added. */
export type RunSeries = {
  readonly run: string
  /** Short: "A", "B". */
  readonly label: string
  /** In words: "with identity". */
  readonly description: string
  readonly colour: RunColour
  /** The line's pattern, so that colour never tells runs apart alone. */
  readonly dashed: boolean
  /** Ascending by step; all of them, the charts thin them out. */
  readonly points: readonly StepPoint[]
  readonly epochs: readonly EpochPoint[]
}

export type RunChartsProps = {
  readonly runs: readonly RunSeries[]
  /** Null until a run is prepared: the axis then counts steps only. */
  readonly stepsPerEpoch: number | null
  /** True where the runs' images are generated: said beside the figures. */
  readonly synthetic: boolean
}
