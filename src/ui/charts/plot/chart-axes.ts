// The axes of a chart over steps, for what it draws.
import { extent, linearAxis, logAxis, robustExtent, ticksWithin, type Interval } from './axis.ts'
import { bandOf } from './band.ts'
import type { ScaledAxis } from './plot-geometry.ts'
import type { ChartLine, Quantity } from '../run-curves.ts'

const TICK_PIXELS = 80
const Y_TICKS = 4
/** A run that went on is at most one such part shorter than its axis. */
const WHOLE_PARTS = 8

/**
 * The axis of runs up to step `last`, as long as the longest was planned to be from the first step on. Runs that went on
 * beyond it end before a round step, so that the axis stays as it is for many updates.
 */
export function wholeAxis(last: number, planned: number): Interval {
  if (last <= planned) return { low: 0, high: planned }
  return { low: 0, high: linearAxis({ low: 0, high: last }, WHOLE_PARTS, 1).domain.high }
}

/**
 * @param window in steps, as the ticks are
 * @param stepsPerEpoch null: ticks at round steps, else at round epochs
 * @param width of the chart in CSS pixels
 */
export function xAxis(window: Interval, stepsPerEpoch: number | null, width: number): ScaledAxis {
  const about = Math.max(2, Math.floor(width / TICK_PIXELS))
  const ticks =
    stepsPerEpoch === null
      ? ticksWithin(window, about, 1)
      : ticksWithin({ low: window.low / stepsPerEpoch, high: window.high / stepsPerEpoch }, about).map(
          (epoch) => epoch * stepsPerEpoch,
        )
  return { domain: window, ticks, scale: 'linear' }
}

/** Values that a quantity can have. */
const POSSIBLE: Readonly<Record<Quantity, Interval>> = {
  loss: { low: 0, high: Infinity },
  accuracy: { low: 0, high: 1 },
  learningRate: { low: 0, high: Infinity },
}

export type YAxisOptions = {
  readonly log: boolean
  /** Whether the few values far above all others are shown too. */
  readonly showsAll: boolean
}

/** Holds the lines and their bands; 0 … 1 where there is nothing to hold. */
export function yAxis(
  lines: readonly ChartLine[],
  quantity: Quantity,
  { log, showsAll }: YAxisOptions,
): ScaledAxis {
  const possible = POSSIBLE[quantity]
  const curves = lines.flatMap(({ curve }) => [curve.y, ...Object.values(bandOf(curve, possible) ?? {})])
  const values = log || showsAll || quantity !== 'loss' ? extent(curves, log) : robustExtent(curves)
  if (!values) return { ...linearAxis({ low: 0, high: 1 }, Y_TICKS), scale: 'linear', possible }
  if (log) return { ...logAxis(values), scale: 'log', possible }
  // A learning rate is read against 0; losses and accuracies against one another.
  return {
    ...linearAxis(quantity === 'learningRate' ? { ...values, low: 0 } : values, Y_TICKS),
    scale: 'linear',
    possible,
  }
}

/** The points above an axis, which are not drawn: how many, and the highest; null where there are none. */
export function aboveAxis(
  lines: readonly ChartLine[],
  { domain }: ScaledAxis,
): { readonly points: number; readonly highest: number } | null {
  let points = 0
  let highest = -Infinity
  for (const { curve } of lines) {
    for (const value of curve.y) {
      if (!(value > domain.high)) continue
      points++
      highest = Math.max(highest, value)
    }
  }
  return points === 0 ? null : { points, highest }
}
