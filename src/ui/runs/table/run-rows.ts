// The rows of the table of runs: what a stored run is called, which rows are shown, and in which order.
import { DATA_SETS, type DataSetId } from '../../../base/data-set.ts'
import type { RunConfig } from '../../../config/run-config.ts'
import type { RunEntry } from '../../../contract/run-record.ts'
import { networkName } from '../../../network/format-network.ts'
import { findPreset } from '../../../presets/presets.ts'
import { type RunState, type RunStateId, type RunSurroundings, runState } from '../run-state.ts'

export type RunRow = {
  readonly entry: RunEntry
  readonly state: RunState
  /** The given name, or else one made of the preset and the network. */
  readonly name: string
}

/** Every run that is not deleted, newest first. */
export function runRows(entries: readonly RunEntry[], surroundings: RunSurroundings): RunRow[] {
  return entries
    .filter(({ deletedAt }) => deletedAt === null)
    .map((entry) => ({ entry, state: runState(entry, surroundings), name: nameOf(entry) }))
}

export function nameOf({ name, config }: Pick<RunEntry, 'name' | 'config'>): string {
  return name || madeName(config)
}

/** "akamaster-20"; "akamaster-20, ResNet-14, 8 channels" where that network is another; "ResNet-8, 4 channels" */
function madeName({ preset, network }: RunConfig): string {
  const known = preset === null ? undefined : findPreset(preset)
  const own = networkName(network)
  if (!known) return preset === null ? own : `${preset}, ${own}`
  return networkName(known.config.network) === own ? known.id : `${known.id}, ${own}`
}

export type RunFilter = {
  /** Words that a row must have, all of them, wherever. */
  readonly text: string
  readonly set: DataSetId | 'all'
  readonly state: RunStateId | 'all'
}

export const NO_FILTER: RunFilter = { text: '', set: 'all', state: 'all' }

export function filterRows(rows: readonly RunRow[], { text, set, state }: RunFilter): RunRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter(
    (row) =>
      (set === 'all' || row.entry.config.data.set === set) &&
      (state === 'all' || row.state.id === state) &&
      (words.length === 0 || hasAll(row, words)),
  )
}

function hasAll({ entry, state, name }: RunRow, words: readonly string[]): boolean {
  const { config, notes } = entry
  const { data, network, optimiser, preset, seed } = config
  const identity = network.identity ? 'with identity' : 'without identity'
  const whole = [name, notes, preset, networkName(network), DATA_SETS[data.set].title, identity]
    .concat(optimiser.kind, `seed ${seed}`, state.text)
    .join(' ')
    .toLowerCase()
  return words.every((word) => whole.includes(word))
}

export type Sort = { readonly column: string; readonly descending: boolean }

/** What rows are ordered by; null for what has no such metric, which comes last either way. */
export type SortKey<Row> = (row: Row) => number | string | null

/** Equals stay in the order that they had. */
export function sortRows<Row>(rows: readonly Row[], key: SortKey<Row>, descending: boolean): Row[] {
  const direction = descending ? -1 : 1
  return rows.toSorted((one, other) => {
    const [a, b] = [key(one), key(other)]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    if (typeof a === 'number' && typeof b === 'number') return direction * (a - b)
    return direction * COLLATOR.compare(String(a), String(b))
  })
}

/** "ResNet-8" before "ResNet-20". Made once: making one takes longer than comparing. */
const COLLATOR = new Intl.Collator('en-GB', { numeric: true })
