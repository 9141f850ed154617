// What tests find, as sentences: which way, how much, how surely, of how many. What says too little is not said.
import type { Agreement, McNemarResult } from './mcnemar.ts'
import type { DepthSlopes } from './depth-slopes.ts'
import type { PairedResult, WelchResult } from './statistics.ts'

/** Names of what is compared, as they stand in a sentence. */
type Names = readonly [first: string, second: string]

const THOUSANDS = new Intl.NumberFormat('en-GB')

/** "p = 0.0303", "p = 0.6169, not significant at 5 %" */
export function formatProbability(p: number): string {
  const chance = p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(4)}`
  return p < 0.05 ? chance : `${chance}, not significant at 5 %`
}

/** Which images one alone gets right, and whether that is more than chance. */
export function mcnemarText([first, second]: Names, agreement: Agreement, result: McNemarResult): string {
  const { n, onlyFirst, onlySecond } = agreement
  const counted = (images: number) => `${THOUSANDS.format(images)} ${images === 1 ? 'image' : 'images'}`
  const odds =
    Math.min(onlyFirst, onlySecond) === 0 ? '' : `odds ratio ${(onlyFirst / onlySecond).toFixed(2)}; `
  return (
    `${first} is right on ${counted(onlyFirst)} that ${second} gets wrong, and ${second} on ` +
    `${counted(onlySecond)} that ${first} gets wrong: ${accuracies([second, first], result.difference * 100)} ` +
    `(${interval(result.interval.map((bound) => bound * 100))}; McNemar’s exact test, ` +
    `${formatProbability(result.p)}; ${odds}n = ${THOUSANDS.format(n)} test images).`
  )
}

/** Of accuracies in %, from the first group to the second. */
export function welchText(
  [first, second]: Names,
  result: WelchResult,
  [n, m]: readonly [number, number],
): string {
  const { difference, interval: bounds, p, hedgesG } = result
  return (
    `Over seeds, ${accuracies([first, second], difference, 'mean accuracy')} ` +
    `(${interval(bounds)}; Welch’s t, ${formatProbability(p)}; Hedges’ g ${signed(hedgesG)}; n = ${n} and ${m} runs).`
  )
}

/** Of accuracies in %, in pairs that share their seeds. */
export function pairedText([first, second]: Names, result: PairedResult): string {
  const { difference, interval: bounds, p, hedgesG, n } = result
  return (
    `With the same seed, ${accuracies([first, second], difference, 'average accuracy')} ` +
    `(${interval(bounds)}; paired t, ${formatProbability(p)}; Hedges’ g ${signed(hedgesG)}; n = ${n} pairs).`
  )
}

/** Of accuracies in %, against the depth. */
export function depthSlopesText({ with: one, without: other, difference, degrees }: DepthSlopes): string {
  return (
    `Each doubling of the depth changes the accuracy by ${signed(one.slope)} percentage points with identity and by ` +
    `${signed(other.slope)} without: a difference of ${signed(difference.slope)} (${interval(difference.interval)}; ` +
    `t of the interaction, ${formatProbability(difference.p)}; straight lines against log₂ of the depth, ` +
    `n = ${degrees + 4} runs).`
  )
}

/** @param difference second − first, in percentage points */
function accuracies([first, second]: Names, difference: number, accuracy = 'accuracy'): string {
  const points = Math.abs(difference).toFixed(2)
  if (Number(points) === 0) return `${first} and ${second} have the same ${accuracy}`
  const way = difference < 0 ? 'lower' : 'higher'
  return `the ${accuracy} of ${second} is ${points} percentage points ${way} than that of ${first}`
}

function interval(bounds: readonly number[]): string {
  return `95 % interval of the difference ${bounds.map(signed).join(' to ')}`
}

/** 0.5 → "+0.50", −0.5 → "−0.50" */
function signed(value: number): string {
  const written = Math.abs(value).toFixed(2)
  if (Number(written) === 0) return written
  return (value < 0 ? '−' : '+') + written
}
