// One chart: its title, a legend that is also the reading under the cursor, the plot, and the cursor over it.
import { useMemo } from 'react'
import { VisuallyHidden } from 'react-aria-components'
import { extent, linearAxis, logAxis, ticksWithin, type Interval } from './axis.ts'
import { bandOf } from './band.ts'
import { QUANTITY_TEXT, summaryOf } from './chart-text.ts'
import { Legend } from './legend.tsx'
import { plain } from './figures.ts'
import type { ScaledAxis } from './plot-geometry.ts'
import { PlotOverlay, type CursorActions, type CursorMark } from './plot-overlay.tsx'
import { Plot } from './plot.tsx'
import { linesOf, type ChartLine, type Quantity, type Reading, type RunCurves } from './run-curves.ts'
import { useWidth } from './use-width.ts'
import styles from './chart-panel.module.css'

/** More points than pixels show nothing more; 500 is the most a redraw is allowed to cost. */
const MOST_POINTS = 500
const TICK_PIXELS = 80

export type ChartPanelProps = {
  readonly quantity: Quantity
  readonly runs: readonly RunCurves[]
  readonly readings: readonly Reading[]
  /** In steps. */
  readonly window: Interval
  /** Null: the x axis counts steps. */
  readonly stepsPerEpoch: number | null
  readonly log: boolean
  readonly smoothed: boolean
  readonly height: number
  readonly cursor: number | null
  readonly actions: CursorActions
  /** For the one chart that has the keyboard's cursor. */
  readonly spoken: string | null
}

export function ChartPanel(props: ChartPanelProps) {
  const { quantity, runs, readings, window, stepsPerEpoch, log, smoothed, height, cursor, actions, spoken } =
    props
  const { ref, width } = useWidth<HTMLDivElement>()
  const scale = log ? 'log' : 'linear'
  const limit = Math.min(MOST_POINTS, Math.max(64, width))
  const lines = useMemo(() => linesOf(runs, quantity, window, limit), [runs, quantity, window, limit])
  const y = useMemo(() => yAxis(lines, quantity, scale), [lines, quantity, scale])
  const x = useMemo(() => xAxis(window, stepsPerEpoch, width), [window, stepsPerEpoch, width])
  const writeX = useMemo(
    () => (step: number) => plain(stepsPerEpoch === null ? step : step / stepsPerEpoch),
    [stepsPerEpoch],
  )
  const { title, unit, axis } = QUANTITY_TEXT[quantity]

  return (
    <section className={styles.panel} aria-label={title}>
      <header className={styles.header}>
        <h4 className={styles.title}>
          {title} {unit && <span className={styles.unit}>{unit}</span>}
        </h4>
        <Legend quantity={quantity} readings={readings} smoothed={smoothed} />
      </header>
      <VisuallyHidden>
        {runs.map((run) => (
          <p key={run.series.run}>{summaryOf(quantity, run)}</p>
        ))}
      </VisuallyHidden>
      <div ref={ref} className={styles.chart} style={{ height }}>
        {width > 0 && (
          <>
            <Plot
              {...{ lines, x, y, writeX, writeY: axis, width, height }}
              stairs={quantity === 'learningRate'}
            />
            <PlotOverlay
              {...{ x, y, width, height, cursor, actions, spoken }}
              marks={marksOf(quantity, readings)}
            />
          </>
        )}
      </div>
    </section>
  )
}

function xAxis(window: Interval, stepsPerEpoch: number | null, width: number): ScaledAxis {
  const about = Math.max(2, Math.floor(width / TICK_PIXELS))
  const ticks =
    stepsPerEpoch === null
      ? ticksWithin(window, about, 1)
      : ticksWithin({ low: window.low / stepsPerEpoch, high: window.high / stepsPerEpoch }, about).map(
          (epoch) => epoch * stepsPerEpoch,
        )
  return { domain: window, ticks, scale: 'linear' }
}

const Y_TICKS = 4

function yAxis(lines: readonly ChartLine[], quantity: Quantity, scale: 'linear' | 'log'): ScaledAxis {
  const values = extent(
    lines.flatMap(({ curve }) => [curve.y, ...Object.values(bandOf(curve) ?? {})]),
    scale === 'log',
  )
  if (!values) return { ...linearAxis({ low: 0, high: 1 }, Y_TICKS), scale: 'linear' }
  if (scale === 'log') return { ...logAxis(values), scale }
  // A learning rate is read against 0; losses and accuracies against one another.
  return { ...linearAxis(quantity === 'learningRate' ? { ...values, low: 0 } : values, Y_TICKS), scale }
}

/** Where the readings lie, for the lines that have them. */
function marksOf(quantity: Quantity, readings: readonly Reading[]): readonly CursorMark[] {
  return readings.flatMap(({ series, train, validation, test }) =>
    [train, ...(quantity === 'learningRate' ? [] : [validation, test])]
      .filter((figures) => figures !== null)
      .map((figures) => ({ step: figures[quantity].step, value: figures[quantity].value, style: series })),
  )
}
