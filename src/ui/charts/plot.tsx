// The drawn part of a chart: axes, grid and lines, as plain SVG. It knows no pointer: that is the overlay's, so that a
// moving cursor redraws no line.
import { memo } from 'react'
import { marksPath, placesOf, stairsPath, straightPath } from './line-path.ts'
import { DASHES } from './line-sample.tsx'
import { fractionOf, MARGIN, plotArea, type PlotArea, type ScaledAxis } from './plot-geometry.ts'
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
    <svg className={styles.plot} width={width} height={height} aria-hidden="true">
      <g transform={`translate(${MARGIN.left} ${MARGIN.top})`}>
        <YAxis axis={y} area={area} write={writeY} />
        <XAxis axis={x} area={area} write={writeX} />
        {/* A nested svg clips what lies outside the window, and leaves room for a mark on its edge. */}
        <svg {...frameAround(area)} className={styles.lines}>
          {lines.map((line) => (
            <Line key={line.key} {...{ line, x, y, area, stairs }} />
          ))}
        </svg>
      </g>
    </svg>
  )
})

const EDGE = 4

function frameAround({ width, height }: PlotArea) {
  const frame = { x: -EDGE, y: -EDGE, width: width + 2 * EDGE, height: height + 2 * EDGE }
  return { ...frame, viewBox: `${frame.x} ${frame.y} ${frame.width} ${frame.height}` }
}

const TICK = 4
const TEXT_GAP = 8

function XAxis({ axis, area, write }: { axis: ScaledAxis; area: PlotArea; write: (step: number) => string }) {
  return (
    <g textAnchor="middle">
      <path className={styles.axis} d={`M0,${area.height}H${area.width}`} />
      {axis.ticks.map((tick) => (
        <g key={tick} transform={`translate(${fractionOf(tick, axis) * area.width} ${area.height})`}>
          <path className={styles.axis} d={`M0,0v${TICK}`} />
          <text y={TEXT_GAP} dy="0.71em">
            {write(tick)}
          </text>
        </g>
      ))}
    </g>
  )
}

function YAxis({
  axis,
  area,
  write,
}: {
  axis: ScaledAxis
  area: PlotArea
  write: (value: number) => string
}) {
  return (
    <g textAnchor="end">
      {axis.ticks.map((tick) => (
        <g key={tick} transform={`translate(0 ${(1 - fractionOf(tick, axis)) * area.height})`}>
          <path className={styles.grid} d={`M0,0H${area.width}`} />
          <text x={-TEXT_GAP} dy="0.32em">
            {write(tick)}
          </text>
        </g>
      ))}
      <path className={styles.axis} d={`M0,0V${area.height}`} />
    </g>
  )
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
