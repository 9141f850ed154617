// Values over seeds: mean and deviation, and whether two groups of runs differ by more than their seeds do.
import { incompleteBeta, logGamma } from './incomplete-beta.ts'

export type MeanAndSd = {
  readonly n: number
  readonly mean: number
  /** Of the sample, with n − 1 degrees of freedom; null for a single value. */
  readonly sd: number | null
}

/** @param values at least one */
export function meanAndSd(values: readonly number[]): MeanAndSd {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { n, mean, sd: n < 2 ? null : Math.sqrt(squares / (n - 1)) }
}

/** Fewer values say too little of their spread. */
const LEAST_SEEDS = 3
/** Of an interval that holds the true difference in 95 of 100 experiments. */
const OUTSIDE = 0.05

export type WelchResult = {
  /** Mean of the second group less that of the first. */
  readonly difference: number
  /** The 95 % confidence interval of the difference. */
  readonly interval: readonly [low: number, high: number]
  readonly t: number
  /** Degrees of freedom by Welch and Satterthwaite. */
  readonly degrees: number
  /** Two-sided. */
  readonly p: number
  /** The difference in standard deviations (pooled), without the bias of small groups (Hedges 1981). */
  readonly hedgesG: number
}

/**
 * Welch's t-test (Biometrika 34, 1947).
 * @returns null where a group has fewer than 3 values, or where no value differs from its group's others
 */
export function welchTest(first: readonly number[], second: readonly number[]): WelchResult | null {
  if (Math.min(first.length, second.length) < LEAST_SEEDS) return null
  const [a, b] = [meanAndSd(first), meanAndSd(second)]
  const [varianceA, varianceB] = [(a.sd ?? 0) ** 2, (b.sd ?? 0) ** 2]
  const [shareA, shareB] = [varianceA / a.n, varianceB / b.n]
  const standardError = Math.sqrt(shareA + shareB)
  if (standardError === 0) return null

  const difference = b.mean - a.mean
  const t = difference / standardError
  const degrees = (shareA + shareB) ** 2 / (shareA ** 2 / (a.n - 1) + shareB ** 2 / (b.n - 1))
  const margin = criticalT(degrees, OUTSIDE) * standardError
  const pooled = a.n + b.n - 2
  const sd = Math.sqrt(((a.n - 1) * varianceA + (b.n - 1) * varianceB) / pooled)
  return {
    difference,
    interval: [difference - margin, difference + margin],
    t,
    degrees,
    p: twoSidedP(t, degrees),
    hedgesG: (difference / sd) * hedgesCorrection(pooled),
  }
}

export type PairedResult = {
  /** Pairs. */
  readonly n: number
  /** Mean of the differences, from the first of a pair to the second. */
  readonly difference: number
  /** The 95 % confidence interval of the difference. */
  readonly interval: readonly [low: number, high: number]
  readonly t: number
  /** Two-sided. */
  readonly p: number
  /** The difference in standard deviations of the differences, without the bias of few pairs (Hedges 1981). */
  readonly hedgesG: number
}

/**
 * Student's t-test of paired differences (Biometrika 6, 1908): of runs that share their seeds, what the seed does to both
 * is in neither.
 * @returns null for fewer than 3 pairs, or where all differ by the same
 */
export function pairedTest(
  pairs: readonly (readonly [first: number, second: number])[],
): PairedResult | null {
  if (pairs.length < LEAST_SEEDS) return null
  const { n, mean: difference, sd } = meanAndSd(pairs.map(([first, second]) => second - first))
  if (!sd) return null
  const standardError = sd / Math.sqrt(n)
  const t = difference / standardError
  const margin = criticalT(n - 1, OUTSIDE) * standardError
  return {
    n,
    difference,
    interval: [difference - margin, difference + margin],
    t,
    p: twoSidedP(t, n - 1),
    hedgesG: (difference / sd) * hedgesCorrection(n - 1),
  }
}

/** The probability that Student's t lies farther from 0. */
function twoSidedP(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
}

/** The t that is exceeded, on either side, with probability `p`: by bisection, since the probability falls with t. */
export function criticalT(degrees: number, p: number): number {
  let low = 0
  let high = 1
  while (twoSidedP(high, degrees) > p) high *= 2
  while (high - low > high * 1e-14) {
    const middle = (low + high) / 2
    if (twoSidedP(middle, degrees) > p) low = middle
    else high = middle
  }
  return high
}

/** Γ(m / 2) / (√(m / 2) · Γ((m − 1) / 2)) */
function hedgesCorrection(m: number): number {
  return Math.exp(logGamma(m / 2) - logGamma((m - 1) / 2)) / Math.sqrt(m / 2)
}
