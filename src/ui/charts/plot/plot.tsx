// The drawn part of a chart. It knows no pointer: that is the overlay's, so that a moving cursor redraws no line.
// Recharts draws axes and grid, anew only when they change; the lines are paths of our own over them, because an update
// of two runs through recharts, axes or lines, is a task of about 100 ms on a slow machine (docs/decisions.md).
import { memo } from 'react'
import { CartesianGrid, LineChart, XAxis, YAxis } from 'recharts'
import { THEME_INK } from '../../drawings/drawing-ink.ts'
import { CurveLine } from './curve-line.tsx'
import { MARGIN, plotArea, type PlotArea, type ScaledAxis } from './plot-geometry.ts'
import type { ChartLine } from '../run-curves.ts'
import styles from './plot.module.css'

export type PlotProps = {
  readonly lines: readonly ChartLine[]
  readonly x: ScaledAxis
  readonly y: ScaledAxis
  readonly writeX: (step: number) => string
  readonly writeY: (value: number) => string
  /** Draws lines level from each point to the next. */
  readonly stairs: boolean
  readonly width: number
  readonly height: number
  /** The run whose lines stand out; null where all are alike. */
  readonly highlighted?: string | null
}

export const Plot = memo(function Plot(props: PlotProps) {
  const { lines, x, y, stairs, width, height, highlighted = null } = props
  const area = plotArea(width, height)
  return (
    <div className={styles.plot} style={{ width, height }} aria-hidden="true">
      <Frame {...props} />
      {/* Clips what lies outside the window, and leaves room for a mark on its edge. */}
      <svg
        className={styles.lines}
        style={{ left: MARGIN.left - EDGE, top: MARGIN.top - EDGE }}
        {...frameAround(area)}
      >
        {lines.map((line) => (
          <g key={line.key} opacity={highlighted === null || highlighted === line.series.run ? 1 : FADED}>
            <CurveLine {...{ line, x, y, area, stairs }} ink={THEME_INK} />
          </g>
        ))}
      </svg>
    </div>
  )
})

type FrameProps = Pick<PlotProps, 'x' | 'y' | 'writeX' | 'writeY' | 'width' | 'height'>

/** Axes and grid. */
const Frame = memo(function Frame({ x, y, writeX, writeY, width, height }: FrameProps) {
  return (
    <LineChart
      data={CORNERS}
      {...{ width, height }}
      margin={{ top: MARGIN.top, right: MARGIN.right, bottom: 0, left: 0 }}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={false} />
      <XAxis
        {...axisProps(x, writeX)}
        dataKey="corner"
        type="number"
        height={MARGIN.bottom}
        tickMargin={TICK_MARGIN}
        allowDataOverflow
      />
      <YAxis {...axisProps(y, writeY)} scale={y.scale} width={MARGIN.left} allowDataOverflow />
    </LineChart>
  )
}, looksTheSame)

function looksTheSame(a: FrameProps, b: FrameProps): boolean {
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.writeX === b.writeX &&
    a.writeY === b.writeY &&
    isSameAxis(a.x, b.x) &&
    isSameAxis(a.y, b.y)
  )
}

function isSameAxis(a: ScaledAxis, b: ScaledAxis): boolean {
  return (
    a.scale === b.scale &&
    a.domain.low === b.domain.low &&
    a.domain.high === b.domain.high &&
    a.ticks.join() === b.ticks.join()
  )
}

/** The axes' domains are given, so the chart needs no data of its own; it draws no axis for none at all. */
const CORNERS = [{ corner: 0 }]
const TICK_MARGIN = 2

function axisProps({ domain, ticks }: ScaledAxis, write: (value: number) => string) {
  return { domain: [domain.low, domain.high], ticks: [...ticks], tickFormatter: write, interval: 0 }
}

const EDGE = 4
const FADED = 0.2

function frameAround(area: PlotArea) {
  const width = area.width + 2 * EDGE
  const height = area.height + 2 * EDGE
  return { width, height, viewBox: `${-EDGE} ${-EDGE} ${width} ${height}` }
}
