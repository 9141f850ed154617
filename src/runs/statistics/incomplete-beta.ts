// Special functions behind Student's t. In float64; Press et al., Numerical Recipes, 3rd edition, §6.1 and §6.4.

/** Lanczos' approximation with g = 7 and 9 terms, whose coefficients are Godfrey's (2001). */
const LANCZOS_G = 7
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** log Γ(x). @param x at least 0.5 */
export function logGamma(x: number): number {
  const series = LANCZOS.reduce((sum, term, i) => sum + (i === 0 ? term : term / (x - 1 + i)), 0)
  const base = x + LANCZOS_G - 0.5
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(series)
}

/**
 * The regularised incomplete beta function I_x(a, b).
 * @param x in [0, 1]
 * @param a at least 0.5, as is b
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges fast below the mean only; above it, I_x(a, b) = 1 − I_{1−x}(b, a).
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b)
  return (Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta) * betaFraction(x, a, b)) / a
}

const MAX_TERMS = 10_000

/** The continued fraction of I_x(a, b), by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const away = (value: number) =>
    Math.abs(value) < Number.MIN_VALUE ** 0.5 ? Number.MIN_VALUE ** 0.5 : value
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    let step = 1
    for (const numerator of [even, odd]) {
      d = 1 / away(1 + numerator * d)
      c = away(1 + numerator / c)
      step = c * d
      fraction *= step
    }
    if (Math.abs(step - 1) < Number.EPSILON) return fraction
  }
  return fraction
}
