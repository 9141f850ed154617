// Whether depth helps with identity mappings and hurts without: a straight line through the accuracies of each, against the
// logarithm of the depth, and whether the two rise equally.
import { criticalT, OUTSIDE, twoSidedP } from './statistics.ts'

type Slope = {
  /** Of the accuracy, for each doubling of the depth. */
  readonly slope: number
  /** The 95 % confidence interval of the slope. */
  readonly interval: readonly [low: number, high: number]
  /** That it is 0, two-sided. */
  readonly p: number
}

export type DepthSlopes = {
  readonly with: Slope
  readonly without: Slope
  /** With, less without: the interaction of depth and identity. */
  readonly difference: Slope
  /** Runs, less the four numbers that are fitted. */
  readonly degrees: number
}

type Measured = { readonly depth: number; readonly identity: boolean; readonly accuracy: number }

/** A line has two numbers. */
const FITTED = 4

/**
 * Ordinary least squares, with one variance of the residuals for both lines.
 * @returns null where a side has fewer than two depths, where no run is left to tell the spread by, or where there is none
 */
export function depthSlopes(runs: readonly Measured[]): DepthSlopes | null {
  const [one, other] = [true, false].map((identity) =>
    lineThrough(runs.filter((run) => run.identity === identity)),
  )
  const degrees = runs.length - FITTED
  if (!one || !other || degrees < 1) return null
  const variance = (one.residual + other.residual) / degrees
  if (variance === 0) return null
  const critical = criticalT(degrees, OUTSIDE)
  const judged = (slope: number, perVariance: number): Slope => {
    const standardError = Math.sqrt(variance * perVariance)
    const margin = critical * standardError
    return { slope, interval: [slope - margin, slope + margin], p: twoSidedP(slope / standardError, degrees) }
  }
  return {
    with: judged(one.slope, 1 / one.spread),
    without: judged(other.slope, 1 / other.spread),
    difference: judged(one.slope - other.slope, 1 / one.spread + 1 / other.spread),
    degrees,
  }
}

/** Its slope, the sum of squares of the logarithms about their mean, and of what the line leaves unexplained. */
function lineThrough(runs: readonly Measured[]): { slope: number; spread: number; residual: number } | null {
  const points = runs.map(({ depth, accuracy }) => [Math.log2(depth), accuracy] as const)
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  if (!(spread > 0)) return null
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread
  const residual = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0)
  return { slope, spread, residual }
}
