/** ‖values − reference‖ ÷ ‖reference‖; NaN where any value is NaN or one is missing. */
export function relativeError(values: Float32Array | undefined, reference: Float64Array): number {
  let difference = 0
  let norm = 0
  for (const [i, expected] of reference.entries()) {
    difference += ((values?.[i] ?? Number.NaN) - expected) ** 2
    norm += expected ** 2
  }
  return Math.sqrt(difference / norm)
}
