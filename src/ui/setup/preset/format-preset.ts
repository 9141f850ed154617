// What a person should know of a preset and its results before comparing with them.
import { DATA_SETS, type DataSetId } from '../../../base/data-set.ts'
import type { RunConfig } from '../../../config/run-config.ts'
import type { OwnResult } from '../../../presets/own-results.ts'
import type { System } from '../../../presets/system.ts'
import { configDifferences } from '../../../runs/config-differences.ts'
import { runLength } from '../../../runs/run-length.ts'
import type { RunResult } from '../../../runs/run-result.ts'
import { count, percent } from '../../charts/curve-values.ts'
import { fieldNames } from '../field-names.ts'

/** Why the author's results say nothing of a set-up's images, and what to do; null where they do. */
export function dataNote(preset: RunConfig, used: DataSetId, isStored: boolean): string | null {
  const { set } = preset.data
  if (set === used) return null
  const [theirs, ours] = [DATA_SETS[set].title, DATA_SETS[used].title]
  const next = isStored
    ? `Choose ${theirs} under Data, or reset to the preset, to compare.`
    : `Get ${theirs} under Data, then reset to the preset.`
  return `The author’s results are on ${theirs}, but the set-up trains on ${ours}. ${next}`
}

/** A row of a table of results: whose, and a text for each column. */
export type MetricRow = {
  readonly key: string
  readonly presetId: string
  readonly identity: boolean
  readonly cells: readonly string[]
}

/** A run with more changes than these is hardly the preset any more. */
const NAMED_CHANGES = 6

export const LAB_COLUMNS = ['Test accuracy', 'Conditions'] as const

/** What this lab's runs of a system have come to, in `LAB_COLUMNS`: those of the command line, then those of this visit. */
export function labRows(system: System, own: readonly OwnResult[], visit: readonly RunResult[]): MetricRow[] {
  const belongs = (id: string | null) => system.presets.some((preset) => preset.id === id)
  return [
    ...own.filter(({ preset }) => belongs(preset)).map(ownRow),
    ...visit.flatMap((result) => visitRow(system, result)),
  ]
}

function ownRow({ preset, identity, seeds, budget, testAccuracy, conditions }: OwnResult): MetricRow {
  const { mean, deviation } = testAccuracy
  const spread = deviation === null ? '' : ` ± ${deviation.toFixed(2)}`
  return {
    key: `${preset} ${identity} ${budget} ${conditions}`,
    presetId: preset,
    identity,
    cells: [`${mean.toFixed(2)}${spread} %`, `n = ${seeds}; ${budget}; ${conditions}`],
  }
}

function visitRow({ presets }: System, result: RunResult): MetricRow[] {
  const { run, config, epochs, last, best, testImages } = result
  const preset = presets.find(({ id }) => id === config.preset)
  if (!preset) return []
  const length = runLength(config)
  const changes = fieldNames(
    configDifferences(preset.config, config)
      .map(({ path }) => path)
      .filter((path) => path !== 'network.identity' && path !== 'seed'),
  )
  const parts = [
    'n = 1, this visit',
    `${count(epochs)} of ${count(length.epochs)} epochs of ${count(length.trainImages)} images of ${DATA_SETS[config.data.set].title}`,
    `tested on ${count(testImages)}`,
    `best ${percent(best)}`,
    `seed ${config.seed}`,
    changes.length > 0 ? `changed: ${firstOf(changes)}` : 'as published',
  ]
  return [
    {
      key: run,
      presetId: preset.id,
      identity: config.network.identity,
      cells: [percent(last), parts.join('; ')],
    },
  ]
}

/** "batch size, seed", or the first few of many with how many more there are. */
function firstOf(names: readonly string[]): string {
  const more = names.length - NAMED_CHANGES
  const named = names.slice(0, NAMED_CHANGES).join(', ')
  return more > 0 ? `${named} and ${more} more` : named
}
