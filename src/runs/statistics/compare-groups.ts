// What two groups of runs, each one config over its seeds, came to beside each other.
import { accuracyAfter, type ComparedRun, lastCommonEpoch } from '../compared-run.ts'
import { agreementOf, type Agreement, mcnemarTest, type McNemarResult } from './mcnemar.ts'
import { pairsBySeed } from '../run-groups.ts'
import {
  meanAndSd,
  type MeanAndSd,
  pairedTest,
  type PairedResult,
  welchTest,
  type WelchResult,
} from './statistics.ts'

export type GroupComparison = {
  /** The last that every run of both has evaluated. */
  readonly epoch: number
  /** Test accuracies in %. */
  readonly first: MeanAndSd
  readonly second: MeanAndSd
  /** Each null where it would say nothing. */
  readonly welch: WelchResult | null
  readonly paired: PairedResult | null
}

/** After equally long training. @returns null where a run has not been evaluated */
export function compareGroups(
  first: readonly ComparedRun[],
  second: readonly ComparedRun[],
): GroupComparison | null {
  const epoch = lastCommonEpoch([...first, ...second])
  if (epoch === null) return null
  const accuracies = (runs: readonly ComparedRun[]) => runs.flatMap((run) => accuracyAfter(run, epoch) ?? [])
  const pairs = pairsBySeed(first, second).map(
    ([one, other]) => [accuracyAfter(one, epoch) ?? NaN, accuracyAfter(other, epoch) ?? NaN] as const,
  )
  return {
    epoch,
    first: meanAndSd(accuracies(first)),
    second: meanAndSd(accuracies(second)),
    welch: welchTest(accuracies(first), accuracies(second)),
    paired: pairedTest(pairs),
  }
}

/**
 * Two runs image by image, by the newest answers of each.
 * @returns null where one has no answers, where they are to other images, or where too few tell the two apart
 */
export function compareAnswers(
  { answers: first }: Pick<ComparedRun, 'answers'>,
  { answers: second }: Pick<ComparedRun, 'answers'>,
): { readonly agreement: Agreement; readonly result: McNemarResult } | null {
  if (!first || !second || first.labels.length !== second.labels.length) return null
  if (first.labels.some((label, i) => label !== second.labels[i])) return null
  const agreement = agreementOf(first.labels, first.predicted, second.predicted)
  const result = mcnemarTest(agreement)
  return result && { agreement, result }
}
