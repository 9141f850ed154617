// The axes of a chart over steps, for what it draws.
import { extent, linearAxis, logAxis, ticksWithin, type Interval } from './axis.ts'
import { bandOf } from './band.ts'
import type { ScaledAxis } from './plot-geometry.ts'
import type { ChartLine, Quantity } from '../run-curves.ts'

const TICK_PIXELS = 80
const Y_TICKS = 4

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

/** Holds the lines and their bands; 0 … 1 where there is nothing to hold. */
export function yAxis(lines: readonly ChartLine[], quantity: Quantity, log: boolean): ScaledAxis {
  const values = extent(
    lines.flatMap(({ curve }) => [curve.y, ...Object.values(bandOf(curve) ?? {})]),
    log,
  )
  if (!values) return { ...linearAxis({ low: 0, high: 1 }, Y_TICKS), scale: 'linear' }
  if (log) return { ...logAxis(values), scale: 'log' }
  // A learning rate is read against 0; losses and accuracies against one another.
  return {
    ...linearAxis(quantity === 'learningRate' ? { ...values, low: 0 } : values, Y_TICKS),
    scale: 'linear',
  }
}
