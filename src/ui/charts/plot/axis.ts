// Where an axis begins and ends, and where its ticks stand: round values, chosen here so that the plot's geometry is
// known without asking the chart library.

export type Interval = { readonly low: number; readonly high: number }
export type Axis = { readonly domain: Interval; readonly ticks: readonly number[] }

/** Steps of an axis: 1, 2 or 5 times a power of ten. */
const ROUND = [1, 2, 5, 10] as const
/** From this ratio of the ends on, a log axis is marked at powers of ten alone. */
const MANY_DECADES = 100

/**
 * A linear axis that begins and ends on a tick.
 * @param about how many ticks, at least 2
 * @param finest the smallest distance between ticks, 1 for an axis that counts
 */
export function linearAxis({ low, high }: Interval, about: number, finest = 0): Axis {
  const span = high > low ? high - low : Math.abs(high) || 1
  const step = Math.max(finest, roundUp(span / about))
  const first = Math.floor(low / step + 1e-9)
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9))
  const ticks = multiples(first, last, step)
  return { domain: { low: first * step, high: last * step }, ticks }
}

/** The round values inside a window that stays as it is. */
export function ticksWithin({ low, high }: Interval, about: number, finest = 0): readonly number[] {
  const step = Math.max(finest, roundUp((high - low) / about))
  return multiples(Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9), step)
}

/** A logarithmic axis over positive values; begins and ends on 1, 2 or 5 times a power of ten. */
export function logAxis({ low, high }: Interval): Axis {
  const from = Math.floor(Math.log10(low) + 1e-9)
  const to = Math.ceil(Math.log10(high) - 1e-9) + 1
  const powers = Array.from({ length: to - from + 1 }, (_, i) => exact(10 ** (from + i)))
  const round = powers.flatMap((power) => [power, exact(2 * power), exact(5 * power)])
  const begin = round.findLast((tick) => tick <= low * (1 + 1e-9)) ?? low
  const end = round.find((tick) => tick >= high * (1 - 1e-9) && tick > begin) ?? high
  const marked = high / low < MANY_DECADES ? round : powers
  return { domain: { low: begin, high: end }, ticks: marked.filter((tick) => tick >= begin && tick <= end) }
}

/** The smallest interval that holds every finite value; null where there is none. */
export function extent(curves: readonly Float64Array[], positiveOnly: boolean): Interval | null {
  let low = Infinity
  let high = -Infinity
  for (const values of curves) {
    for (const value of values) {
      if (!Number.isFinite(value) || (positiveOnly && value <= 0)) continue
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  }
  return low <= high ? { low, high } : null
}

/** How far beyond the bulk of the values one still belongs to them, in lengths of the bulk. */
const REACH = 3
/** Shares of the values between which the bulk of them lies. */
const BULK = [0.05, 0.95] as const

/**
 * The smallest interval that holds the values but those that would squeeze all others: farther above the bulk of them than
 * three times its length. Null where there is none.
 */
export function robustExtent(curves: readonly Float64Array[]): Interval | null {
  const whole = extent(curves, false)
  if (!whole) return null
  const sorted = Float64Array.from(curves.flatMap((values) => [...values].filter(Number.isFinite))).toSorted()
  const [low = 0, high = 0] = BULK.map((share) => sorted[Math.round(share * (sorted.length - 1))])
  const limit = high + REACH * (high - low)
  const highest = sorted.findLast((value) => value <= limit) ?? whole.high
  return high > low ? { low: whole.low, high: highest } : whole
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const factor = ROUND.find((round) => round * power >= value * (1 - 1e-9)) ?? 10
  return factor * power
}

function multiples(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => exact((first + i) * step))
}

/** 0.30000000000000004 → 0.3 */
const exact = (value: number) => Number(value.toPrecision(12))
