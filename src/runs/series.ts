// From a run's measurements to a line that a screen can show: smooth first, then thin out.

/** A curve. `x` ascends; a `y` that is not finite is a gap. All have the same length. */
export type Curve = {
  readonly x: Float64Array
  readonly y: Float64Array
  /** Where `y` is a mean over runs. */
  readonly spread?: Spread
}

/** At each point the standard deviation over runs (NaN for a single one), and how many runs they are. */
type Spread = { readonly sd: Float64Array; readonly n: Float64Array }

/** Half-open range of indices. */
export type Range = { readonly from: number; readonly to: number }

/**
 * Exponential moving average, divided by the sum of its weights so that it does not begin at 0 (the bias correction of
 * Adam, arXiv:1412.6980, section 3; TensorBoard's smoothing). Gaps stay gaps and do not count.
 * @param weight of the past, 0 (no smoothing) … below 1
 */
export function smooth(values: Float64Array, weight: number): Float64Array {
  if (weight === 0) return values
  const smoothed = new Float64Array(values.length)
  let average = 0
  let weights = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN
    if (!Number.isFinite(value)) {
      smoothed[i] = Number.NaN
      continue
    }
    average = weight * average + (1 - weight) * value
    weights = weight * weights + (1 - weight)
    smoothed[i] = average / weights
  }
  return smoothed
}

/** The points with `low` ≤ x ≤ `high` and one more on either side, so that a line reaches the window's edges. */
export function pointsWithin(x: Float64Array, low: number, high: number): Range {
  return { from: Math.max(0, lastAtOrBefore(x, low)), to: Math.min(x.length, lastAtOrBefore(x, high) + 2) }
}

/** Index of the last x that is not beyond `at`; −1 where there is none. Binary search. */
export function lastAtOrBefore(x: Float64Array, at: number): number {
  let low = 0
  let high = x.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((x[middle] ?? Infinity) <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}

/**
 * At most `limit` points of the range: its first, its last, and the lowest and highest of each bucket between, so that
 * no extreme is lost. Buckets are powers of two aligned to index 0: a curve that grows is drawn the same as before up to
 * its newest bucket, and does not shimmer. Gaps are left out.
 * @param limit at least 8
 */
export function decimate(curve: Curve, { from, to }: Range, limit: number): Curve {
  const kept: number[] = []
  const keep = (index: number) => {
    if (index > (kept.at(-1) ?? -1)) kept.push(index)
  }
  const size = bucketSize(to - from, limit)
  const first = nextFinite(curve.y, from, to, 1)
  const last = nextFinite(curve.y, to - 1, from - 1, -1)
  if (first !== null && last !== null) {
    keep(first)
    for (let start = from - (from % size); start < to; start += size) {
      const extremes = extremesOf(curve.y, Math.max(from, start), Math.min(to, start + size))
      for (const index of extremes) keep(index)
    }
    keep(last)
  }
  const { x, y, spread } = curve
  return {
    x: pick(x, kept),
    y: pick(y, kept),
    ...(spread && { spread: { sd: pick(spread.sd, kept), n: pick(spread.n, kept) } }),
  }
}

/** The smallest power of two with which two points a bucket (one bucket more for the alignment), and two ends, fit. */
function bucketSize(count: number, limit: number): number {
  if (count <= limit) return 1
  let size = 2
  while (2 * (Math.ceil(count / size) + 1) + 2 > limit) size *= 2
  return size
}

/** Indices of the lowest and highest finite value, ascending; none where there is no finite value. */
function extremesOf(y: Float64Array, from: number, to: number): number[] {
  let lowest = -1
  let highest = -1
  let low = Infinity
  let high = -Infinity
  for (let i = from; i < to; i++) {
    const value = y[i] ?? Number.NaN
    if (!Number.isFinite(value)) continue
    if (value < low) {
      low = value
      lowest = i
    }
    if (value > high) {
      high = value
      highest = i
    }
  }
  if (lowest < 0) return []
  return lowest < highest ? [lowest, highest] : [highest, lowest]
}

function nextFinite(y: Float64Array, start: number, end: number, stride: 1 | -1): number | null {
  for (let i = start; i !== end; i += stride) if (Number.isFinite(y[i])) return i
  return null
}

const pick = (values: Float64Array, indices: readonly number[]) =>
  Float64Array.from(indices, (index) => values[index] ?? Number.NaN)
