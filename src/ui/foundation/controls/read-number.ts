import type { Parsed } from './text-field.tsx'

export type NumberRange = {
  readonly min: number
  readonly max: number
  /** True where the value counts something. */
  readonly whole: boolean
}

/** A typed number: "128", "5e-4", "50,000" for 50000, "0,1" for 0.1. */
export function readNumber(text: string, range: NumberRange): Parsed<number> {
  const value = numberIn(text.trim())
  if (value === null || value < range.min || value > range.max || (range.whole && !Number.isInteger(value))) {
    return {
      error: `Enter a ${range.whole ? 'whole ' : ''}number from ${formatNumber(range.min)} to ${formatNumber(range.max)}.`,
    }
  }
  return { value }
}

/** A typed list of numbers: "0.49, 0.48". An empty text is an empty list. */
export function readList(text: string, range: NumberRange): Parsed<number[]> {
  const values: number[] = []
  for (const part of text.split(/[\s,;]+/).filter((piece) => piece !== '')) {
    const parsed = readNumber(part, range)
    if ('error' in parsed) return parsed
    values.push(parsed.value)
  }
  return { value: values }
}

/** A typed list of whole numbers, each above the one before: "100, 150". An empty text is an empty list. */
export function readAscending(text: string, range: Omit<NumberRange, 'whole'>): Parsed<number[]> {
  const parsed = readList(text, { ...range, whole: true })
  const ascends = (values: readonly number[]) =>
    values.every((value, i) => i === 0 || value > (values[i - 1] ?? 0))
  if ('value' in parsed && ascends(parsed.value)) return parsed
  return {
    error: `Enter whole numbers from ${formatNumber(range.min)} to ${formatNumber(range.max)} in ascending order, such as 100, 150.`,
  }
}

function numberIn(text: string): number | null {
  const grouped = /^\d{1,3}(,\d{3})+$/.test(text)
  const plain = grouped ? text.replaceAll(',', '') : text.replace(',', '.')
  return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : null
}

const formatNumber = (value: number) => value.toLocaleString('en-GB', { maximumSignificantDigits: 12 })
