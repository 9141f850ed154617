// Runs of one config over several seeds, as a mean and a standard deviation: how drgripa1 and He et al. report errors.
import { DATA_SETS } from '../contract/data-set.ts'
import type { RunConfig } from '../contract/run-config.ts'
import { networkInWords } from '../network/network-words.ts'
import { findPreset } from '../network/presets.ts'
import { type ConfigDifference, configDifferences } from './config-differences.ts'
import { markdownTable } from './markdown-table.ts'

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

export type MeanAndSd = {
  readonly n: number
  readonly mean: number
  /** Of the sample, with n − 1 degrees of freedom; null for a single value. */
  readonly sd: number | null
}

/** @param values at least one */
export function meanAndSd(values: readonly number[]): MeanAndSd {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { n, mean, sd: n < 2 ? null : Math.sqrt(squares / (n - 1)) }
}

/** Groups in the order of their first runs. */
export function groupBySeed(runs: readonly EvaluatedRun[]): RunGroup[] {
  const groups: EvaluatedRun[][] = []
  for (const run of runs) {
    const group = groups.find(([first]) => first && differInSeedOnly(first, run))
    if (group) group.push(run)
    else groups.push([run])
  }
  return groups.map((group) => ({ runs: group, errorPercent: meanAndSd(group.map(errorPercent)) }))
}

/** Two runs of one group with the same seed, which are one run counted twice; null where there are none. */
export function repeatedSeed({ runs }: RunGroup): readonly [EvaluatedRun, EvaluatedRun] | null {
  for (const [i, run] of runs.entries()) {
    const other = runs.slice(i + 1).find(({ config }) => config.seed === run.config.seed)
    if (other) return [run, other]
  }
  return null
}

export function summaryTable(groups: readonly RunGroup[]): string {
  const rows = groups.flatMap(({ runs, errorPercent: { n, mean, sd } }) => {
    const [first] = runs
    if (!first) return []
    return [
      [
        settingsText(first.config),
        `${DATA_SETS[first.config.data.set].title}, ${first.test.total} images`,
        String(first.steps),
        mean.toFixed(3) + (sd === null ? '' : ` ± ${sd.toFixed(3)}`),
        String(n),
        runs.map(({ config }) => config.seed).join(', '),
      ],
    ]
  })
  return markdownTable(['Run', 'Test set', 'Steps', 'Error, %', 'n', 'Seeds'], rows)
}

function errorPercent({ test: { correct, total } }: EvaluatedRun): number {
  return (100 * (total - correct)) / total
}

function differInSeedOnly(one: EvaluatedRun, other: EvaluatedRun): boolean {
  return (
    one.steps === other.steps &&
    one.test.total === other.test.total &&
    configDifferences(one.config, other.config).every(({ path }) => path === 'seed')
  )
}

/** The preset's name, and what was changed in it: "drgripa1-20, batchSize 64". */
function settingsText(config: RunConfig): string {
  const preset = config.preset === null ? undefined : findPreset(config.preset)
  if (!preset) return config.preset ?? 'no preset'
  const changed = configDifferences(preset.config, config).filter(
    ({ path }) => path !== 'seed' && path !== 'data.set',
  )
  const isOfNetwork = ({ path }: ConfigDifference) => path.startsWith('network.')
  const network = changed.some(isOfNetwork) ? [networkInWords(config.network)] : []
  const rest = changed.filter((difference) => !isOfNetwork(difference))
  return [preset.id, ...network, ...rest.map(({ path, to }) => `${path} ${JSON.stringify(to)}`)].join(', ')
}
