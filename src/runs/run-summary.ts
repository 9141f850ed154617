// Runs of one config over several seeds, as a mean and a standard deviation: how drgripa1 and He et al. report errors.
import { DATA_SETS } from '../base/data-set.ts'
import type { RunConfig } from '../config/run-config.ts'
import { formatNetwork } from '../network/format-network.ts'
import { findPreset } from '../presets/presets.ts'
import { formatProbability } from './statistics/format-comparison.ts'
import { type ConfigDifference, configDifferences, differOnlyIn } from './config-differences.ts'
import type { ResultsCell, ResultsTable } from './results-table.ts'
import { groupsOf } from './run-groups.ts'
import { type MeanAndSd, meanAndSd, type WelchResult, welchTest } from './statistics/statistics.ts'

export type EvaluatedRun = {
  /** For messages: a folder. */
  readonly name: string
  readonly config: RunConfig
  /** Trained when it was evaluated. */
  readonly steps: number
  readonly test: { readonly correct: number; readonly total: number }
}

/** Runs that differ in their seeds only. */
export type RunGroup = { readonly runs: readonly EvaluatedRun[]; readonly errorPercent: MeanAndSd }

/** Groups in the order of their first runs. */
export function groupBySeed(runs: readonly EvaluatedRun[]): RunGroup[] {
  return groupsOf(runs, differInSeedOnly).map((group) => ({
    runs: group,
    errorPercent: meanAndSd(group.map(errorPercent)),
  }))
}

/** Two runs of one group with the same seed, which are one run counted twice; null where there are none. */
export function repeatedSeed({ runs }: RunGroup): readonly [EvaluatedRun, EvaluatedRun] | null {
  for (const [i, run] of runs.entries()) {
    const other = runs.slice(i + 1).find(({ config }) => config.seed === run.config.seed)
    if (other) return [run, other]
  }
  return null
}

/** The errors of one config with and without identity mappings, each over several seeds. */
export type IdentityEffect = {
  readonly identity: RunGroup
  readonly withoutIdentity: RunGroup
  /** From the runs with identity to those without, in percentage points. */
  readonly errors: WelchResult
}

/** Of all groups that differ in identity only and have seeds enough. */
export function identityEffects(groups: readonly RunGroup[]): IdentityEffect[] {
  return groups.flatMap((identity) => {
    const withoutIdentity = groups.find((other) => differInIdentityOnly(identity, other))
    const errors = withoutIdentity && welchTest(errorsOf(identity), errorsOf(withoutIdentity))
    return errors ? [{ identity, withoutIdentity, errors }] : []
  })
}

/** What identity mappings are worth, as one sentence; empty for no run. */
export function identityEffectText({ identity, withoutIdentity, errors }: IdentityEffect): string {
  const [first] = identity.runs
  if (!first) return ''
  const { difference, interval, p, hedgesG } = errors
  const higher = difference < 0 ? 'lower' : 'higher'
  const points = Math.abs(difference).toFixed(3)
  const [low, high] = interval.map((bound) => bound.toFixed(3))
  return (
    `${settingsText(first.config)}: without identity mappings the error is ${points} percentage points ${higher} ` +
    `(95 % interval of the change ${low} to ${high}; Welch’s t over seeds, ${formatProbability(p)}; ` +
    `Hedges’ g ${hedgesG.toFixed(2)}; n = ${identity.runs.length} with, ${withoutIdentity.runs.length} without).`
  )
}

/** A row a group: its error as mean ± sd over seeds. */
export function summaryTable(groups: readonly RunGroup[]): ResultsTable {
  const rows = groups.flatMap(({ runs, errorPercent: error }): ResultsCell[][] => {
    const [first] = runs
    if (!first) return []
    return [
      [
        settingsText(first.config),
        `${DATA_SETS[first.config.data.set].title}, ${first.test.total} images`,
        String(first.steps),
        { ...error, digits: 3 },
        String(error.n),
        runs.map(({ config }) => config.seed).join(', '),
      ],
    ]
  })
  return {
    caption: 'Test error as mean ± sd over seeds.',
    columns: ['Run', 'Test set', 'Steps', 'Error, %', 'n', 'Seeds'],
    rows,
  }
}

function errorPercent({ test: { correct, total } }: EvaluatedRun): number {
  return (100 * (total - correct)) / total
}

const errorsOf = ({ runs }: RunGroup) => runs.map(errorPercent)

function differInSeedOnly(one: EvaluatedRun, other: EvaluatedRun): boolean {
  return areAlikeBut(['seed'], one, other)
}

/** Whether the first group's runs have identity mappings, and the other's would be the same with them. */
function differInIdentityOnly({ runs: [one] }: RunGroup, { runs: [other] }: RunGroup): boolean {
  return (
    one !== undefined &&
    other !== undefined &&
    one.config.network.identity &&
    !other.config.network.identity &&
    areAlikeBut(['seed', 'network.identity'], one, other)
  )
}

function areAlikeBut(paths: readonly string[], one: EvaluatedRun, other: EvaluatedRun): boolean {
  return (
    one.steps === other.steps &&
    one.test.total === other.test.total &&
    differOnlyIn(paths, one.config, other.config)
  )
}

/** What a network's name says. */
const IN_NAME = /^network\.(stages|stem\.channels|identity)\b/

/** The preset's name, and what was changed in it: "drgripa1-20, batchSize 64". */
function settingsText(config: RunConfig): string {
  const preset = config.preset === null ? undefined : findPreset(config.preset)
  if (!preset) return config.preset ?? 'no preset'
  const changed = configDifferences(preset.config, config).filter(
    ({ path }) => path !== 'seed' && path !== 'data.set',
  )
  const isOfNetwork = ({ path }: ConfigDifference) => path.startsWith('network.')
  const isInName = ({ path }: ConfigDifference) => IN_NAME.test(path)
  const network = changed.some(isOfNetwork) ? [formatNetwork(config.network)] : []
  const rest = changed.filter((difference) => !isInName(difference))
  return [preset.id, ...network, ...rest.map(({ path, to }) => `${path} ${JSON.stringify(to)}`)].join(', ')
}
