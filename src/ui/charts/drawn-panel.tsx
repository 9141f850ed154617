// A panel's chart for a file: at the file's width, whatever the page's, with what the page's legend says in words.
import type { DrawingInk } from '../drawings/drawing-ink.ts'
import type { Interval } from './plot/axis.ts'
import { aboveAxis, xAxis, yAxis } from './plot/chart-axes.ts'
import { CHART_WIDTH, ChartDrawing, type LegendRow } from './chart-drawing.tsx'
import { aboveText, metricText, QUANTITY_TEXT } from './chart-text.ts'
import { PARTS, type Part } from './chart-types.ts'
import { plain } from './curve-values.ts'
import { linesOf, MOST_POINTS, type Quantity, type Reading, type RunCurves } from './run-curves.ts'

const BANDS_NOTE = 'Lines are means over runs. Bands show ± 1 standard deviation.'

export type DrawnPanelProps = {
  readonly quantity: Quantity
  readonly runs: readonly RunCurves[]
  readonly readings: readonly Reading[]
  /** In steps. */
  readonly window: Interval
  /** Null: the x axis counts steps. */
  readonly stepsPerEpoch: number | null
  readonly log: boolean
  /** Whether the few losses far above all others are shown too. */
  readonly showsAll: boolean
  /** Weight of the past, 0 … below 1. */
  readonly smoothing: number
  /** What the runs are of, for a saved picture, a line each. */
  readonly notes: readonly string[]
  readonly ink: DrawingInk
}

export function DrawnPanel(props: DrawnPanelProps) {
  const { quantity, runs, readings, window, stepsPerEpoch, log, showsAll, smoothing, notes, ink } = props
  const { title, unit, axis } = QUANTITY_TEXT[quantity]
  const lines = linesOf(runs, quantity, window, MOST_POINTS)
  const drawn = PARTS.filter((part) => part === 'train' || lines.some((line) => line.part === part))
  const parts = quantity === 'learningRate' ? (['train'] as const) : drawn
  const hasBands = lines.some(({ curve }) => curve.spread)
  const y = yAxis(lines, quantity, { log, showsAll })
  const above = aboveAxis(lines, y)
  const said = [
    ...notes,
    ...(hasBands ? [BANDS_NOTE] : []),
    ...(above ? [`${aboveText(above, quantity)}.`] : []),
  ]
  return (
    <ChartDrawing
      {...{ title, unit, lines, ink }}
      x={xAxis(window, stepsPerEpoch, CHART_WIDTH)}
      y={y}
      writeX={(step) => plain(stepsPerEpoch === null ? step : step / stepsPerEpoch)}
      writeY={axis}
      xUnit={stepsPerEpoch === null ? 'steps' : 'epochs'}
      stairs={quantity === 'learningRate'}
      parts={parts.map((part) => ({ part, text: partText(part, quantity, smoothing) }))}
      legend={readings.map((reading) => legendRow(reading, quantity))}
      notes={said}
    />
  )
}

function partText(part: Part, quantity: Quantity, smoothing: number): string {
  if (quantity === 'learningRate') return 'rate'
  return part === 'train' && smoothing > 0 ? `train, smoothed ${smoothing.toFixed(2)}` : part
}

/** What the page's legend says, in one text a part. */
function legendRow(reading: Reading, quantity: Quantity): LegendRow {
  const { series, epoch } = reading
  const metrics = PARTS.flatMap((part) => {
    const metric = reading[part]?.[quantity]
    if (!metric) return []
    const runs = metric.spread ? `, n = ${metric.spread.n}` : ''
    const when = part === 'test' && epoch !== null ? ` (epoch ${epoch})` : ''
    return [[part, `${metricText(quantity, metric)}${runs}${when}`] as const]
  })
  return { series, metrics: Object.fromEntries(metrics) }
}
