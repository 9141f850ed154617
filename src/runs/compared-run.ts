// What a comparison knows of a run: plain data, wherever the run is kept.
import type { Answers } from '../contract/evaluation.ts'
import type { EpochScores } from '../contract/events.ts'
import type { RunConfig } from '../config/run-config.ts'
import type { StepColumns } from '../contract/run-record.ts'

export type ComparedRun = {
  readonly run: string
  /** Given by a person; empty where none was. */
  readonly name: string
  readonly config: RunConfig
  /** Row i is of step i + 1. */
  readonly steps: StepColumns
  /** Evaluated so far, ascending. */
  readonly epochs: readonly EpochScores[]
  /** To the test images, of the newest epoch; null where they were not kept. */
  readonly answers: Answers | null
}

/** The newest epoch that every one of the runs has evaluated; null where one has none. */
export function lastCommonEpoch(runs: readonly Pick<ComparedRun, 'epochs'>[]): number | null {
  const [first] = runs
  const isCommon = (epoch: number) =>
    runs.every(({ epochs }) => epochs.some((other) => other.epoch === epoch))
  return first?.epochs.findLast(({ epoch }) => isCommon(epoch))?.epoch ?? null
}

/** Test accuracy after an epoch, in %. @returns null where it was not evaluated then */
export function accuracyAfter({ epochs }: Pick<ComparedRun, 'epochs'>, epoch: number): number | null {
  const found = epochs.find((other) => other.epoch === epoch)
  return found ? 100 * found.test.accuracy : null
}
