export type Summary = { readonly median: number; readonly low: number; readonly high: number }

/** @param values at least one */
export function summarise(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted.at(0), sorted.at(-1)]
  if (low === undefined || high === undefined) throw new Error('nothing to summarise')
  const upper = sorted[Math.floor(sorted.length / 2)] ?? high
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? low
  return { median: (lower + upper) / 2, low, high }
}
