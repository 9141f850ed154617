// The drawn part of a chart. It knows no pointer: that is the overlay's, so that a moving cursor redraws no line.
// Recharts draws axes and grid; the lines are paths of our own inside its chart, because thousands of points through its
// data store made tasks of over 50 ms at every update.
import { memo } from 'react'
import { CartesianGrid, LineChart, XAxis, YAxis } from 'recharts'
import { marksPath, placesOf, stairsPath, straightPath } from './line-path.ts'
import { DASHES } from './line-sample.tsx'
import { MARGIN, plotArea, type PlotArea, type ScaledAxis } from './plot-geometry.ts'
import type { ChartLine } from './run-curves.ts'
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
}

export const Plot = memo(function Plot(props: PlotProps) {
  const { lines, x, y, writeX, writeY, stairs, width, height } = props
  const area = plotArea(width, height)
  return (
    <LineChart
      data={CORNERS}
      {...{ width, height }}
      margin={{ top: MARGIN.top, right: MARGIN.right, bottom: 0, left: 0 }}
      accessibilityLayer={false}
      className={styles.plot ?? ''}
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
      <g transform={`translate(${MARGIN.left} ${MARGIN.top})`}>
        {/* A nested svg clips what lies outside the window, and leaves room for a mark on its edge. */}
        <svg {...frameAround(area)} className={styles.lines}>
          {lines.map((line) => (
            <Line key={line.key} {...{ line, x, y, area, stairs }} />
          ))}
        </svg>
      </g>
    </LineChart>
  )
})

/** The axes' domains are given, so the chart needs no data of its own; it draws no axis for none at all. */
const CORNERS = [{ corner: 0 }]
const TICK_MARGIN = 2

function axisProps({ domain, ticks }: ScaledAxis, write: (value: number) => string) {
  return { domain: [domain.low, domain.high], ticks: [...ticks], tickFormatter: write, interval: 0 }
}

const EDGE = 4

function frameAround({ width, height }: PlotArea) {
  const frame = { x: -EDGE, y: -EDGE, width: width + 2 * EDGE, height: height + 2 * EDGE }
  return { ...frame, viewBox: `${frame.x} ${frame.y} ${frame.width} ${frame.height}` }
}

function Line(props: { line: ChartLine; x: ScaledAxis; y: ScaledAxis; area: PlotArea; stairs: boolean }) {
  const { line, x, y, area, stairs } = props
  const { series, part, curve } = line
  const places = placesOf(curve, x, y, area)
  return (
    <g className={`${styles[series.colour]} ${styles[part]}`}>
      <path
        d={stairs ? stairsPath(places) : straightPath(places)}
        strokeDasharray={series.dashed ? DASHES[part] : undefined}
      />
      {part === 'test' && <path className={styles.marks} d={marksPath(places)} />}
    </g>
  )
}
