// How values are written: the same everywhere, in digits of equal width, with their unit.

const WHOLE = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const PLAIN = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 })
/** Between a value and its unit. */
const THIN_SPACE = '\u202f'
const MINUS = '\u2212'
const INFINITE = '∞'
/** For a value that does not exist. */
export const NONE = '–'

/** 12345 → "12,345" */
export const count = (value: number) => WHOLE.format(value)

/** From here on a number is written in powers of ten: more digits than that say nothing, and fit nowhere. */
const LARGE = 100_000

/** 8.2e14 → "8.2e14" */
const scientific = (value: number) => value.toExponential(1).replace('e+', 'e').replace('.0e', 'e')

/** 0.25 → "0.25", 1200 → "1,200", 2e9 → "2e9": a tick. */
export const plain = (value: number) =>
  Math.abs(value) < LARGE * 10 ? PLAIN.format(value) : scientific(value)

/** 0.05 → "0.05", 300000 → "3e5": a tick of a loss or a rate, whose digits are few. */
export const tick = (value: number) => (Math.abs(value) < LARGE ? String(value) : scientific(value))

/** 3 → "+3", −3 → "−3", 0 → "0" */
export const signedCount = (value: number) => signed(value, count)

/** 0.8125 → "81.25" */
export const hundredths = (share: number) => (share * 100).toFixed(2)

/** 0.8125 → "81.25 %" */
export const percent = (share: number) => `${hundredths(share)}${THIN_SPACE}%`

/** 0.8125 of 1000 → "81.25 % of 1,000" */
export const percentOf = (share: number, total: number) => `${percent(share)} of ${count(total)}`

/** A difference of two shares in percentage points: 0.0125 → "+1.25", −0.0125 → "−1.25", 0 → "0.00" */
export const signedPoints = (difference: number) => signed(difference, hundredths)

/** Cross-entropy: four decimals, as the write-ups print it; of a network that diverges, "8.2e14". */
export const loss = (value: number) =>
  Math.abs(value) < LARGE ? value.toFixed(4) : Number.isFinite(value) ? scientific(value) : INFINITE

/** 0.25 → "+0.2500" */
export const signedLoss = (difference: number) => signed(difference, loss)

/** A learning rate: three significant digits, no trailing zeros: 0.1, 0.0123, 1e-7 */
export const rate = (value: number) => String(Number(value.toPrecision(3)))

/** The sign is of the value as written: what rounds to 0 has none. */
function signed(value: number, write: (magnitude: number) => string): string {
  const written = write(Math.abs(value))
  if (Number(written.replaceAll(',', '')) === 0) return written
  return (value < 0 ? MINUS : '+') + written
}
