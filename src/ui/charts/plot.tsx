// The drawn part of a chart: axes, grid and lines. It knows no pointer: that is the overlay's, so that a moving cursor
// redraws no line.
import { memo } from 'react'
import { CartesianGrid, Line, LineChart, XAxis, YAxis, type LineDrawShapeProps } from 'recharts'
import { MARGIN, type ScaledAxis } from './plot-geometry.ts'
import type { ChartLine } from './run-curves.ts'
import styles from './plot.module.css'

export type PlotProps = {
  readonly lines: readonly ChartLine[]
  readonly x: ScaledAxis
  readonly y: ScaledAxis
  readonly writeX: (step: number) => string
  readonly writeY: (value: number) => string
  readonly width: number
  readonly height: number
}

export const Plot = memo(function Plot({ lines, x, y, writeX, writeY, width, height }: PlotProps) {
  return (
    <LineChart
      width={width}
      height={height}
      data={rowsOf(lines, y)}
      margin={{ top: MARGIN.top, right: MARGIN.right, bottom: 0, left: 0 }}
      accessibilityLayer={false}
      className={styles.plot ?? ''}
    >
      <CartesianGrid vertical={false} />
      <XAxis
        dataKey="x"
        type="number"
        domain={[x.domain.low, x.domain.high]}
        ticks={x.ticks}
        tickFormatter={writeX}
        interval={0}
        height={MARGIN.bottom}
        allowDataOverflow
      />
      <YAxis
        type="number"
        scale={y.scale}
        domain={[y.domain.low, y.domain.high]}
        ticks={y.ticks}
        tickFormatter={writeY}
        interval={0}
        width={MARGIN.left}
        allowDataOverflow
      />
      {lines.map(({ key, series, part }) => (
        <Line
          key={key}
          dataKey={key}
          className={`${styles[series.colour]} ${styles[part]}`}
          strokeDasharray={series.dashed ? DASHES[part] : ''}
          dot={false}
          activeDot={false}
          shape={part === 'test' ? markedLine : plainLine}
          connectNulls
          isAnimationActive={false}
        />
      ))}
    </LineChart>
  )
})

export const DASHES = { train: '4 2', test: '6 3' } as const

type Row = { x: number; [line: string]: number }

/** One row for each x that any line has; a line's key is missing where it has no point. */
function rowsOf(lines: readonly ChartLine[], y: ScaledAxis): Row[] {
  const rows = new Map<number, Row>()
  for (const { key, curve } of lines) {
    for (const [i, x] of curve.x.entries()) {
      const value = curve.y[i] ?? Number.NaN
      if (y.scale === 'log' && value <= 0) continue
      const row = rows.get(x) ?? { x }
      row[key] = value
      rows.set(x, row)
    }
  }
  return [...rows.values()].toSorted((a, b) => a.x - b.x)
}

type Place = { x: number; y: number }

const placesOf = ({ points }: LineDrawShapeProps): Place[] =>
  (points ?? []).flatMap(({ x, y }) => (x === null || y === null ? [] : [{ x, y }]))

const pathThrough = (places: readonly Place[]) =>
  places.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)},${y.toFixed(1)}`).join('')

function plainLine(props: LineDrawShapeProps) {
  return (
    <path
      className={props.className}
      d={pathThrough(placesOf(props))}
      strokeDasharray={props.strokeDasharray}
    />
  )
}

/** Marks nearer to each other than this, in pixels, run together. */
const MARK_DISTANCE = 8

/** The line, and all of its marks in one path: a segment of no length is drawn as its line cap. */
function markedLine(props: LineDrawShapeProps) {
  const places = placesOf(props)
  const marks: Place[] = []
  for (const place of places) {
    if (place.x - (marks.at(-1)?.x ?? -Infinity) >= MARK_DISTANCE) marks.push(place)
  }
  return (
    <>
      <path className={props.className} d={pathThrough(places)} strokeDasharray={props.strokeDasharray} />
      <path
        className={`${props.className} ${styles.marks}`}
        d={marks.map(({ x, y }) => `M${x.toFixed(1)},${y.toFixed(1)}h0`).join('')}
      />
    </>
  )
}
