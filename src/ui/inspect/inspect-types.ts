import type { ReactNode } from 'react'
import type { CommandOf, ReplyOf } from '../../contract/commands.ts'
import type { DataSetId } from '../../base/data-set.ts'
import type { Evaluation } from '../../contract/evaluation.ts'
import type { StoredDataSet } from '../../contract/events.ts'
import type { buildGraph } from '../../network/build-graph.ts'
import type { RunColour } from '../charts/chart-types.ts'

/** A test score and whose it is. */
export type LabelledEvaluation = {
  readonly key: string
  /** For a column: "A", "B", "file". */
  readonly short: string
  /** In full: "A with identity", "imported resnet20.safetensors". */
  readonly label: string
  /** Null for what is no run, such as an imported file. */
  readonly colour: RunColour | null
  /** The data set that was scored, which names the classes. */
  readonly set: DataSetId
  readonly evaluation: Evaluation
  /** Null where no epoch of ours made the weights. */
  readonly epoch: number | null
}

export type LabelledLogLine = {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly level: 'info' | 'warning' | 'error'
  /** The run's short label, "A"; null where the line concerns no single run. */
  readonly run: string | null
  readonly text: string
}

export type BrowseQuery = Omit<CommandOf<'browse'>, 'kind'>
export type BrowsePage = ReplyOf<'browse'>

/** A cell of a confusion matrix: images of class `truth` classed as `predicted`. */
export type ConfusionCell = {
  /** The matrix: "a", "b", "difference", or an imported file's key. */
  readonly matrix: string
  readonly truth: number
  readonly predicted: number
}

/** What decides a network's Graph. */
export type NetworkChoice = Parameters<typeof buildGraph>[0]

export type InspectZoneProps = {
  /** The runs' latest scores in the order A, B, then imported files. */
  readonly evaluations: readonly LabelledEvaluation[]
  /** Every known data set; class names and what can be browsed are read from here. */
  readonly dataSets: readonly StoredDataSet[]
  /** One page of images; rejects with an AppError (or a Failure's message as Error). Keep the function's identity stable. */
  readonly browse: (query: BrowseQuery) => Promise<BrowsePage>
  /** The network and the data set in the set-up zone. */
  readonly config: NetworkChoice
  /** The Features tab. */
  readonly features: ReactNode
  /** Oldest first. */
  readonly log: readonly LabelledLogLine[]
  readonly onConfusionCell?: (cell: ConfusionCell) => void
}
