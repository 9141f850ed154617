// A run's metrics as files for spreadsheets, pandas and R: one row a step, one row an epoch, or everything as JSON.
import { DATA_SETS } from '../base/data-set.ts'
import type { DeviceInfo } from '../contract/device-info.ts'
import type { StepPoint, TrainEvent } from '../contract/events.ts'
import type { RunConfig } from '../config/run-config.ts'

type EpochMetrics = Omit<Extract<TrainEvent, { kind: 'epoch' }>, 'kind' | 'run'>
/** An epoch without its confusion matrices, its answers and its time. */
type EpochScores = Omit<EpochMetrics, 'validation' | 'test' | 'answers' | 'at'> & {
  readonly validation: Score | null
  readonly test: Score
  /** When it was evaluated, in milliseconds since 1970, where that is known. */
  readonly at?: number
}
type Score = Pick<EpochMetrics['test'], 'loss' | 'accuracy' | 'correct' | 'total'>

type Metrics<Epoch> = {
  readonly run: string
  readonly config: RunConfig
  /** Ascending. */
  readonly points: readonly StepPoint[]
  /** Ascending. */
  readonly epochs: readonly Epoch[]
}
export type RunMetrics = Metrics<EpochMetrics>
export type RunScores = Metrics<EpochScores>

/** Null where there is no such metric: an empty cell. */
type Cell = string | number | boolean | null
/** A column's heading, and its cell in a row. */
type Column<Row> = readonly [heading: string, cell: (row: Row) => Cell]

/** What tells a row's run from the others. */
const RUN_COLUMNS: readonly Column<RunScores>[] = [
  ['run', ({ run }) => run],
  ['data_set', ({ config }) => config.data.set],
  ['synthetic_data', ({ config }) => DATA_SETS[config.data.set].synthetic],
  ['identity', ({ config }) => config.network.identity],
  ['seed', ({ config }) => config.seed],
]

const STEP_COLUMNS: readonly Column<StepPoint>[] = [
  ['step', ({ step }) => step],
  ['batch_loss_nats', ({ loss }) => loss],
  ['batch_accuracy_fraction', ({ accuracy }) => accuracy],
  ['learning_rate', ({ learningRate }) => learningRate],
]

const EPOCH_COLUMNS: readonly Column<EpochScores>[] = [
  ['epoch', ({ epoch }) => epoch],
  ['step', ({ step }) => step],
  ['train_loss_nats', ({ train }) => train?.loss ?? null],
  ['train_accuracy_fraction', ({ train }) => train?.accuracy ?? null],
  ['validation_loss_nats', ({ validation }) => validation?.loss ?? null],
  ['validation_accuracy_fraction', ({ validation }) => validation?.accuracy ?? null],
  ['validation_correct_images', ({ validation }) => validation?.correct ?? null],
  ['validation_images', ({ validation }) => validation?.total ?? null],
  ['test_loss_nats', ({ test }) => test.loss],
  ['test_accuracy_fraction', ({ test }) => test.accuracy],
  ['test_correct_images', ({ test }) => test.correct],
  ['test_images', ({ test }) => test.total],
]

/** Each step of each run, as CSV (RFC 4180). */
export function stepsCsv(runs: readonly RunScores[]): string {
  return csv(runs, STEP_COLUMNS, ({ points }) => points)
}

/** Each epoch of each run, as CSV (RFC 4180). Confusion matrices are in the JSON only. */
export function epochsCsv(runs: readonly RunScores[]): string {
  return csv(runs, EPOCH_COLUMNS, ({ epochs }) => epochs)
}

/** Everything that the runs reported but the answer to each image. A metric that is not finite is null, since JSON has no such number. */
export function metricsJson(
  runs: readonly Metrics<EpochScores & { readonly answers?: unknown }>[],
  device: DeviceInfo | null,
): string {
  const described = runs.map((metrics) => ({
    ...metrics,
    epochs: metrics.epochs.map(({ answers: _answers, ...epoch }) => epoch),
    data: DATA_SETS[metrics.config.data.set],
  }))
  return `${JSON.stringify({ format: 'residual-lab-metrics', version: 1, device, runs: described }, null, 1)}\n`
}

function csv<Row>(
  runs: readonly RunScores[],
  columns: readonly Column<Row>[],
  rowsOf: (metrics: RunScores) => readonly Row[],
): string {
  const headings = [...RUN_COLUMNS, ...columns].map(([heading]) => heading)
  const lines = [csvLine(headings)]
  for (const metrics of runs) {
    const runCells = RUN_COLUMNS.map(([, cell]) => cell(metrics))
    for (const row of rowsOf(metrics))
      lines.push(csvLine([...runCells, ...columns.map(([, cell]) => cell(row))]))
  }
  return lines.join('')
}

/** A row of a CSV file (RFC 4180). */
export const csvLine = (cells: readonly Cell[]) => `${cells.map(quoted).join(',')}\r\n`

/** A comma, a quote or a line break asks for quotes; a quote inside them is doubled. */
function quoted(cell: Cell): string {
  const text = typeof cell === 'string' ? harmless(cell) : cell === null ? '' : String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const NUMBER = /^[+-]?\d[\d.]*(e[+-]?\d+)?( ± [\d.]+)?$/

/** A spreadsheet computes what begins like a formula; an apostrophe before it makes it a text, as OWASP advises. */
const harmless = (text: string) =>
  /^[=+\-@\t\r\n＝＋－＠]/.test(text) && !NUMBER.test(text) ? `'${text}` : text
