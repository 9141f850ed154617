// McNemar's test: whether two networks, tested on the same images, are right equally often (Psychometrika 12, 1947).
import { incompleteBeta } from './incomplete-beta.ts'

/** What two networks answered to the same images, right or wrong. */
export type Agreement = {
  readonly n: number
  /** Images that one alone gets right. */
  readonly onlyFirst: number
  readonly onlySecond: number
  /** Images that both get right, and that neither does. */
  readonly both: number
  readonly neither: number
}

export type McNemarResult = {
  /** Share of images that the first gets right, less the second's. */
  readonly difference: number
  /** The 95 % confidence interval of the difference. */
  readonly interval: readonly [low: number, high: number]
  /** Two-sided. */
  readonly p: number
}

/** Answers are class indices, and of one length. */
export function agreementOf(labels: Uint8Array, first: Uint8Array, second: Uint8Array): Agreement {
  const counts = { n: labels.length, onlyFirst: 0, onlySecond: 0, both: 0, neither: 0 }
  for (const [i, label] of labels.entries()) {
    const [isFirst, isSecond] = [first[i] === label, second[i] === label]
    if (isFirst && isSecond) counts.both++
    else if (isFirst) counts.onlyFirst++
    else if (isSecond) counts.onlySecond++
    else counts.neither++
  }
  return counts
}

/** Of fewer images that tell the two apart, no division has a p below 0.05: 2 · 0.5⁵ is 0.0625. */
const LEAST_APART = 6
/** Of the normal distribution, exceeded on either side with probability 0.05. */
const NORMAL_95 = 1.959963984540054

/**
 * The exact test: that images which tell the two apart fall to either as a coin falls. The interval is Bonett and
 * Price's (J. Educ. Behav. Stat. 37, 2012), which holds for few images as well.
 * @returns null where fewer than 6 images tell the two apart
 */
export function mcnemarTest({ n, onlyFirst, onlySecond }: Agreement): McNemarResult | null {
  const apart = onlyFirst + onlySecond
  if (apart < LEAST_APART) return null
  const [first, second] = [(onlyFirst + 1) / (n + 2), (onlySecond + 1) / (n + 2)]
  const centre = first - second
  const margin = NORMAL_95 * Math.sqrt((first + second - centre ** 2) / (n + 2))
  return {
    difference: (onlyFirst - onlySecond) / n,
    interval: [Math.max(-1, centre - margin), Math.min(1, centre + margin)],
    p: Math.min(1, 2 * atMost(Math.min(onlyFirst, onlySecond), apart)),
  }
}

/** The probability of at most `heads` heads in `throws` throws of a coin. */
function atMost(heads: number, throws: number): number {
  return heads >= throws ? 1 : incompleteBeta(0.5, throws - heads, heads + 1)
}
