// Where the plot lies in its chart, in CSS pixels, and where a value lies in the plot.
import type { Axis, Interval } from './axis.ts'

export const MARGIN = { top: 8, right: 12, left: 48, bottom: 24 } as const

/** The plot without its axes. */
export type PlotArea = { readonly width: number; readonly height: number }

export const plotArea = (width: number, height: number): PlotArea => ({
  width: Math.max(1, width - MARGIN.left - MARGIN.right),
  height: Math.max(1, height - MARGIN.top - MARGIN.bottom),
})

type Scale = 'linear' | 'log'
export type ScaledAxis = Axis & {
  readonly scale: Scale
  /** Values there can be: bands end there. All, where it is not said. */
  readonly possible?: Interval
}

/** 0 at the low end of the axis, 1 at the high end. */
export function fractionOf(value: number, { domain, scale }: ScaledAxis): number {
  const map = scale === 'log' ? Math.log : (plain: number) => plain
  return (map(value) - map(domain.low)) / (map(domain.high) - map(domain.low))
}

/** The step under a pointer `offset` pixels from the plot's left edge, whole and inside the window. */
export function stepAt(offset: number, plotWidth: number, { low, high }: Interval): number {
  const step = Math.round(low + (offset / plotWidth) * (high - low))
  return Math.min(Math.max(step, Math.ceil(low)), Math.floor(high))
}

/** Fewer steps than this are no picture. */
const NARROWEST_STEPS = 2

/** The window between two steps, in either order; null where it would be too narrow to show. */
export function windowFrom(a: number, b: number): Interval | null {
  const low = Math.min(a, b)
  const high = Math.max(a, b)
  return high - low < NARROWEST_STEPS ? null : { low, high }
}

/** The window `factor` times as wide, around a step that keeps its place, within `whole`; null where that is all of it. */
export function scaledWindow(
  window: Interval,
  around: number,
  factor: number,
  whole: Interval,
): Interval | null {
  const low = Math.max(whole.low, Math.floor(around - (around - window.low) * factor))
  const high = Math.min(whole.high, Math.ceil(around + (window.high - around) * factor))
  if (high - low < NARROWEST_STEPS) return window
  return low <= whole.low && high >= whole.high ? null : { low, high }
}
