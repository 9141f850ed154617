// A plot's axes and grid, by recharts, drawn anew only when an axis changes.
import { memo } from 'react'
import { CartesianGrid, LineChart, XAxis, YAxis } from 'recharts'
import { MARGIN, type ScaledAxis } from './plot-geometry.ts'

export type FrameProps = {
  readonly x: ScaledAxis
  readonly y: ScaledAxis
  readonly writeX: (step: number) => string
  readonly writeY: (value: number) => string
  readonly width: number
  readonly height: number
}

/** Axes and grid. */
export const PlotFrame = memo(function PlotFrame({ x, y, writeX, writeY, width, height }: FrameProps) {
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
