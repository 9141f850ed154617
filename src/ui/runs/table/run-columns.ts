// The columns of the table of runs: metrics that every run has, and the settings in which those that are shown differ.
import { DATA_SETS } from '../../../base/data-set.ts'
import type { RunConfig } from '../../../config/run-config.ts'
import { networkName } from '../../../network/format-network.ts'
import { differingPaths, valueAt } from '../../../runs/config-differences.ts'
import { count, hundredths, loss, NONE, plain, signedLoss, signedPoints } from '../../charts/curve-values.ts'
import { duration } from '../../foundation/controls/quantities.ts'
import { fieldName } from '../../setup/field-names.ts'
import type { RunRow, SortKey } from './run-rows.ts'
import { RUN_STATE_TEXTS } from '../run-state.ts'

export type RunColumn = {
  readonly id: string
  readonly heading: string
  readonly sortKey: SortKey<RunRow>
  readonly text: (row: RunRow) => string
  /** Of a metric: digits below digits, the highest first when it is sorted by. */
  readonly metric: Metric | null
}

type Metric = {
  /** Null where the run has none yet. */
  readonly value: (row: RunRow) => number | null
  readonly write: (value: number) => string
  /** How far it is from the baseline's; null where that says nothing, as of a time. */
  readonly writeDelta: ((difference: number) => string) | null
  /** Whether runs over several seeds have a mean of it. */
  readonly hasMean: boolean
}

const STATES = Object.keys(RUN_STATE_TEXTS)

/** A difference of two accuracies: "+1.25 pp", percentage points. */
const points = (difference: number) => `${signedPoints(difference)}\u202fpp`

/** Day and time by the reader's clock, shortest form that sorts by eye. */
const MOMENT = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' })

export const BASE_COLUMNS: readonly RunColumn[] = [
  {
    id: 'state',
    heading: 'State',
    sortKey: ({ state }) => STATES.indexOf(state.id),
    text: ({ state }) => state.text,
    metric: null,
  },
  {
    id: 'identity',
    heading: 'Identity',
    sortKey: ({ entry }) => (entry.config.network.identity ? 0 : 1),
    text: ({ entry }) => (entry.config.network.identity ? 'A with' : 'B without'),
    metric: null,
  },
  metricColumn('seed', 'Seed', { value: ({ entry }) => entry.config.seed, write: String }),
  {
    ...metricColumn('epochs', 'Epochs', { value: epochsDone, write: count }),
    text: ({ entry }) =>
      entry.totalSteps === 0
        ? NONE
        : `${plain(entry.steps / entry.stepsPerEpoch)} of ${plain(entry.totalSteps / entry.stepsPerEpoch)}`,
  },
  {
    ...metricColumn('steps', 'Steps', { value: ({ entry }) => entry.steps, write: count }),
    text: ({ entry }) =>
      entry.totalSteps === 0 ? NONE : `${count(entry.steps)} of ${count(entry.totalSteps)}`,
  },
  metricColumn('last', 'Test accuracy, %', {
    value: ({ entry }) => entry.result?.last ?? null,
    write: hundredths,
    writeDelta: points,
    hasMean: true,
  }),
  metricColumn('best', 'Best, %', {
    value: ({ entry }) => entry.result?.best ?? null,
    write: hundredths,
    writeDelta: points,
    hasMean: true,
  }),
  {
    ...metricColumn('images', 'Test images', {
      value: ({ entry }) => entry.result?.testImages ?? null,
      write: count,
    }),
    text: ({ entry }) =>
      entry.result
        ? count(entry.result.testImages) + (DATA_SETS[entry.config.data.set].synthetic ? ' synthetic' : '')
        : NONE,
  },
  metricColumn('loss', 'Test loss', {
    value: ({ entry }) => entry.result?.testLoss ?? null,
    write: loss,
    writeDelta: signedLoss,
    hasMean: true,
  }),
  metricColumn('time', 'Time, h:mm:ss', { value: ({ entry }) => entry.seconds, write: duration }),
  metricColumn('created', 'Created', {
    value: ({ entry }) => entry.createdAt,
    write: (at) => MOMENT.format(at),
  }),
]

function metricColumn(
  id: string,
  heading: string,
  metric: Pick<Metric, 'value' | 'write'> & Partial<Metric>,
): RunColumn {
  const { value, write, writeDelta = null, hasMean = false } = metric
  return {
    id,
    heading,
    sortKey: value,
    text: (row) => {
      const known = value(row)
      return known === null ? NONE : write(known)
    },
    metric: { value, write, writeDelta, hasMean },
  }
}

function epochsDone({ entry }: RunRow): number | null {
  return entry.stepsPerEpoch === 0 ? null : entry.steps / entry.stepsPerEpoch
}

/**
 * How a metric differs from the baseline's, as it is shown; null where the two cannot be compared: other images, or so
 * many others of them.
 */
export function deltaText({ metric }: RunColumn, row: RunRow, baseline: RunRow | null): string | null {
  if (!metric?.writeDelta || !baseline || baseline.entry.run === row.entry.run) return null
  const sameImages =
    baseline.entry.config.data.set === row.entry.config.data.set &&
    baseline.entry.result?.testImages === row.entry.result?.testImages
  const [from, to] = [metric.value(baseline), metric.value(row)]
  return sameImages && from !== null && to !== null ? metric.writeDelta(to - from) : null
}

/** What has columns of its own, or is told by them. */
const SHOWN_ANYWAY = new Set(['seed', 'network.identity', 'budget.unit', 'budget.amount'])
/** Told by the network's name. */
const IN_THE_NAME = new Set(['network.stages', 'network.stem.channels', 'network.block.kind'])

/** A column for each setting that is not the same in all of these runs. */
export function settingColumns(configs: readonly RunConfig[]): RunColumn[] {
  const differing = differingPaths(configs).filter((path) => !SHOWN_ANYWAY.has(path))
  const ofNetwork = differing.some((path) => IN_THE_NAME.has(path)) ? [NETWORK_COLUMN] : []
  // A part that some have not at all is told by its fields.
  const paths = differing.filter(
    (path) => !IN_THE_NAME.has(path) && !differing.some((other) => other.startsWith(`${path}.`)),
  )
  const names = paths.map(fieldName)
  return [
    ...ofNetwork,
    ...paths.map((path, i): RunColumn => {
      const name = names[i] ?? path
      const isAmbiguous = names.indexOf(name) !== names.lastIndexOf(name)
      const heading = isAmbiguous ? `${name}, ${path.slice(path.lastIndexOf('.') + 1)}` : name
      return {
        id: path,
        heading: heading.charAt(0).toUpperCase() + heading.slice(1),
        sortKey: ({ entry }) => sortable(valueAt(entry.config, path)),
        text: ({ entry }) => settingText(path, valueAt(entry.config, path)),
        metric: null,
      }
    }),
  ]
}

const NETWORK_COLUMN: RunColumn = {
  id: 'network',
  heading: 'Network',
  sortKey: ({ entry }) => networkName(entry.config.network),
  text: ({ entry }) => networkName(entry.config.network),
  metric: null,
}

/** A setting's value in words: yes, none, "100, 150", "CIFAR-10". */
export function settingText(path: string, value: unknown): string {
  if (value === undefined) return NONE
  if (value === null) return path === 'data.limitTrain' || path === 'data.limitTest' ? 'all' : 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.map((item) => settingText(path, item)).join(', ')
  const set = path === 'data.set' && Object.values(DATA_SETS).find(({ id }) => id === value)
  if (set) return set.title
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value)
}

function sortable(value: unknown): number | string | null {
  if (value === undefined) return null
  return typeof value === 'number' ? value : JSON.stringify(value)
}
