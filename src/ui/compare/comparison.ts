// Everything that the compare view shows of some runs, from their data.
import type { RunConfig } from '../../config/run-config.ts'
import { compareAnswers, compareGroups } from '../../runs/statistics/compare-groups.ts'
import { accuracyAfter, type ComparedRun, lastCommonEpoch } from '../../runs/compared-run.ts'
import { mcnemarText, pairedText, welchText } from '../../runs/statistics/format-comparison.ts'
import type { ResultsCell, ResultsTable } from '../../runs/results-table.ts'
import { differOnlyIn } from '../../runs/config-differences.ts'
import { type DepthSweep, depthSweeps } from '../../runs/depth-sweep.ts'
import { groupsOverSeeds, oncePerSeed } from '../../runs/run-groups.ts'
import { type MeanAndSd, meanAndSd } from '../../runs/statistics/statistics.ts'
import { type GroupSeries, LINE_COLOURS, type LineStyle, type RunSeries } from '../charts/chart-types.ts'
import { describeDifferences } from './describe-differences.ts'

/** One line of the table, one colour of the charts: a run, or the runs of one config. */
export type Compared<Series extends LineStyle> = {
  readonly series: Series
  readonly config: RunConfig
  readonly seeds: readonly number[]
  /** Of the test accuracies in %, after the epoch that all compared runs have; null where a run has none. */
  readonly accuracy: MeanAndSd | null
  /** Of the best test accuracies in %, each of the epoch that its run's test images liked best; null before the first. */
  readonly best: MeanAndSd | null
  /** Epochs evaluated: the fewest and the most. */
  readonly epochs: readonly [fewest: number, most: number]
}

export type Comparison = {
  readonly runs: readonly Compared<RunSeries>[]
  readonly groups: readonly Compared<GroupSeries>[]
  /** Runs in no group, because another of their config and seed is. */
  readonly repeated: number
  /** The newest that every run has evaluated. */
  readonly epoch: number | null
  /** What tests find, each in a sentence; those that would say too little are left out. */
  readonly findings: readonly string[]
  readonly sweeps: readonly DepthSweep[]
}

export function comparisonOf(compared: readonly ComparedRun[]): Comparison {
  const epoch = lastCommonEpoch(compared)
  const names = describeDifferences(compared.map(({ config }) => config))
  const runs = compared.map((run, i): Compared<RunSeries> => {
    const style = styleOf(run.run, i, String(i + 1), run.name || names[i] || '', run.config)
    return { series: { ...style, steps: run.steps, epochs: run.epochs }, ...metricsOf([run], epoch) }
  })
  const members = groupsOverSeeds(compared).map(oncePerSeed)
  const groupNames = describeDifferences(members.flatMap(([first]) => first?.config ?? []).map(withoutSeed))
  const groups = members.map((group, i): Compared<GroupSeries> => {
    const [first] = group
    if (!first) throw new Error('a group has no run')
    const label = LETTERS[i] ?? String(i + 1)
    const style = styleOf(`group-${i}`, i, label, groupNames[i] ?? '', first.config)
    return { series: { ...style, members: group }, ...metricsOf(group, epoch) }
  })
  return {
    runs,
    groups,
    repeated: compared.length - members.flat().length,
    epoch,
    findings: [
      ...runFindings(
        compared,
        runs.map(({ series }) => nameOf('run', series)),
      ),
      ...groupFindings(
        members,
        groups.map(({ series }) => nameOf('group', series)),
      ),
    ],
    sweeps: depthSweeps(compared),
  }
}

/** What is compared as a table, a row each. @param about what was trained on what */
export function resultsOf(
  compared: readonly Compared<LineStyle>[],
  epoch: number | null,
  about: string,
): ResultsTable {
  const cell = (accuracy: MeanAndSd | null): ResultsCell => (accuracy ? { ...accuracy, digits: 2 } : '–')
  const when = epoch === null ? '' : ` after epoch ${epoch}`
  return {
    caption: `${about}. Test accuracy${when}${compared.some(({ seeds }) => seeds.length > 1) ? ', as mean ± sd over seeds' : ''}.`,
    columns: ['Name', 'Configuration', 'Test accuracy, %', 'Best, %', 'Epochs', 'n', 'Seeds'],
    rows: compared.map(({ series, accuracy, best, epochs: [fewest, most], seeds }) => [
      series.label,
      series.description,
      cell(accuracy),
      cell(best),
      fewest === most ? String(most) : `${fewest} to ${most}`,
      String(seeds.length),
      seeds.join(', '),
    ]),
  }
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** Short: the table says what it is. */
const nameOf = (kind: string, { label }: LineStyle) => `${kind} ${label}`

/** The colour says which run it is, the pattern whether it has identity mappings. After eight, colours come again. */
function styleOf(run: string, i: number, label: string, description: string, config: RunConfig): LineStyle {
  const colour = LINE_COLOURS[i % LINE_COLOURS.length] ?? 'a'
  return { run, label, description, colour, dashed: !config.network.identity }
}

/** Groups are told apart by all else. */
const withoutSeed = (config: RunConfig): RunConfig => ({ ...config, seed: 0 })

function metricsOf(runs: readonly ComparedRun[], epoch: number | null) {
  const [first] = runs
  if (!first) throw new Error('a group has no run')
  const accuracies = runs.flatMap((run) => (epoch === null ? null : accuracyAfter(run, epoch)) ?? [])
  const best = runs.flatMap(({ epochs }) =>
    epochs.length === 0 ? [] : [100 * Math.max(...epochs.map(({ test }) => test.accuracy))],
  )
  const counts = runs.map(({ epochs }) => epochs.at(-1)?.epoch ?? 0)
  return {
    config: first.config,
    seeds: runs.map(({ config }) => config.seed).toSorted((one, other) => one - other),
    accuracy: accuracies.length === 0 ? null : meanAndSd(accuracies),
    best: best.length === 0 ? null : meanAndSd(best),
    epochs: [Math.min(...counts), Math.max(...counts)] as const,
  }
}

/** Two by two, where they differ in identity only; where there are two in all, those two. */
function matchedPairs<Item>(
  items: readonly Item[],
  differ: (paths: readonly string[], one: Item, other: Item) => boolean,
): (readonly [number, number])[] {
  if (items.length === 2) return [[0, 1]]
  return items.flatMap((one, i) =>
    items.flatMap((other, j) => (j > i && differ(['network.identity'], one, other) ? [[i, j] as const] : [])),
  )
}

function runFindings(runs: readonly ComparedRun[], names: readonly string[]): string[] {
  const pairs = matchedPairs(runs, (paths, one, other) => differOnlyIn(paths, one.config, other.config))
  return pairs.flatMap(([i, j]) => {
    const [one, other] = [runs[i], runs[j]]
    const found = one && other && compareAnswers(one, other)
    return found ? [mcnemarText(namesAt(names, i, j), found.agreement, found.result)] : []
  })
}

function groupFindings(groups: readonly (readonly ComparedRun[])[], names: readonly string[]): string[] {
  const pairs = matchedPairs(groups, (paths, [one], [other]) =>
    one && other ? differOnlyIn([...paths, 'seed'], one.config, other.config) : false,
  )
  return pairs.flatMap(([i, j]) => {
    const found = compareGroups(groups[i] ?? [], groups[j] ?? [])
    if (!found) return []
    const { welch, paired, first, second, epoch } = found
    const both = namesAt(names, i, j)
    const sentences = [
      ...(welch ? [welchText(both, welch, [first.n, second.n])] : []),
      ...(paired ? [pairedText(both, paired)] : []),
    ]
    return sentences.map(
      (sentence) => `After epoch ${epoch}: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`,
    )
  })
}

const namesAt = (names: readonly string[], i: number, j: number) => [names[i] ?? '', names[j] ?? ''] as const
