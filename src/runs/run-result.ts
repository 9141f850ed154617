// What a run came to: what is kept of it when the page goes on to another.
import { selectionMetrics, type EvaluatedEpoch } from '../schedules/evaluated-epoch.ts'
import type { RunConfig } from '../config/run-config.ts'

export type RunResult = {
  readonly run: string
  /** The run's own, as it was trained. */
  readonly config: RunConfig
  /** Epochs trained, and steps. */
  readonly epochs: number
  readonly steps: number
  /** Test accuracies, 0 … 1: of the last epoch, and of the best by the images that decide. */
  readonly last: number
  readonly best: number
  /** Images that it was tested on. */
  readonly testImages: number
}

type Tested = EvaluatedEpoch & { readonly epoch: number; readonly test: { readonly total: number } }

/** @param epochs tested so far, ascending; null where none is */
export function runResult(run: string, config: RunConfig, epochs: readonly Tested[]): RunResult | null {
  const last = epochs.at(-1)
  if (!last) return null
  const accuracy = (epoch: Tested) => selectionMetrics(epoch).accuracy
  const best = epochs.reduce((found, epoch) => (accuracy(epoch) > accuracy(found) ? epoch : found), last)
  return {
    run,
    config,
    epochs: last.epoch,
    steps: last.step,
    last: last.test.accuracy,
    best: best.test.accuracy,
    testImages: last.test.total,
  }
}

/** The results with a run's newest in place of its earlier one; without it where it has none any more. */
export function withResult(
  results: readonly RunResult[],
  run: string,
  result: RunResult | null,
): readonly RunResult[] {
  const place = results.findIndex((other) => other.run === run)
  if (place < 0) return result ? [...results, result] : results
  return result ? results.with(place, result) : results.toSpliced(place, 1)
}
