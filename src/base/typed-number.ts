// Numbers as people type and paste them, in each field of the page and each option of the command line. A comma may be a
// decimal mark or part a number's groups of digits; what can be two numbers is not guessed at.

/** What was typed, read; or what to say of it. */
export type Parsed<T> = { readonly value: T } | { readonly error: string }

export type NumberRange = {
  readonly min: number
  readonly max: number
  /** True where the value counts something. */
  readonly whole: boolean
}

/** A typed number: "128", "5e-4", "1·10⁻³", "0,1" for 0.1, "50,000" and "50 000" for a count of 50000. */
export function readNumber(text: string, range: NumberRange): Parsed<number> {
  const values = numbersIn(text, range.whole)
  const [value] = values
  if (values.length > 1) return { error: ambiguity(text, values) }
  if (value !== undefined && isWithin(value, range)) return { value }
  const percent = /[%‰]\s*$/.exec(text)?.[0].trim()
  return { error: `${expected(range)}${percent === undefined ? '' : `, without ${percent}`}.` }
}

/**
 * A typed list: "0.49, 0.48", "0,49 0,48", "0,49; 0,48". An empty text is an empty list.
 * @param accepts tells the lists that make sense; of two that do, none is taken
 * @param error what to say where there is none
 */
export function readList(
  text: string,
  range: NumberRange,
  accepts: (values: readonly number[]) => boolean = () => true,
  error = `${expected(range)}.`,
): Parsed<number[]> {
  const plain = plainText(text)
  const separators = plain.includes(';') ? BESIDE_SEMICOLONS : SEPARATORS
  const lists = separators.flatMap((separator) => listIn(plain, separator, range) ?? []).filter(accepts)
  const different = new Map(lists.map((values) => [values.join(' and '), values]))
  const [value] = different.values()
  if (value === undefined) return { error }
  return different.size === 1 ? { value } : { error: ambiguity(text, [...different.keys()]) }
}

/** A typed list of whole numbers, each above the one before: "100, 150". An empty text is an empty list. */
export function readAscending(text: string, { min, max }: Omit<NumberRange, 'whole'>): Parsed<number[]> {
  return readList(
    text,
    { min, max, whole: true },
    (values) => values.every((value, i) => i === 0 || value > (values[i - 1] ?? 0)),
    `Enter whole numbers from ${formatNumber(min)} to ${formatNumber(max)} in ascending order, such as 100, 150.`,
  )
}

/**
 * Every number that a text can mean: none for what is no number, two for a rate of "1,000". A count has no thousandths, so
 * "1,000" and "1.000" are 1000 there. Elsewhere a point is a decimal mark where it can be one, as in all that the lab writes.
 */
export function numbersIn(text: string, whole: boolean): number[] {
  const [, sign, mantissa = '', exponent = '0'] =
    /^([+-]?)([^e]*)(?:e([+-]?\d+))?$/i.exec(plainText(text)) ?? []
  const readings = DECIMAL_MARKS.flatMap((mark) => readingsWith(mark, mantissa))
  const usual = readings.filter(({ mark }) => mark === (whole ? null : '.'))
  const values = (usual.length > 0 ? usual : readings).map(({ digits }) =>
    Number(`${sign === '-' ? '-' : ''}${digits}e${exponent}`),
  )
  return [...new Set(values)].filter((value) => Number.isFinite(value))
}

export function isWithin(value: number, { min, max, whole }: NumberRange): boolean {
  return value >= min && value <= max && (!whole || Number.isSafeInteger(value))
}

/** "“1,000” can be 1000 or 1. Enter the one you mean." */
export function ambiguity(text: string, meanings: readonly (string | number)[]): string {
  return `“${text.trim()}” can be ${meanings.join(' or ')}. Enter the one you mean.`
}

const expected = ({ min, max, whole }: NumberRange) =>
  `Enter a ${whole ? 'whole ' : ''}number from ${formatNumber(min)} to ${formatNumber(max)}`

const formatNumber = (value: number) => value.toLocaleString('en-GB', { maximumSignificantDigits: 12 })

const DECIMAL_MARKS = [',', '.'] as const

type Reading = {
  /** As `Number` reads them. */
  readonly digits: string
  /** Null in a number that is written without decimals. */
  readonly mark: string | null
}

/** What a number's digits mean where this mark, and no other, begins its decimals. */
function readingsWith(mark: string, mantissa: string): Reading[] {
  const [written = '', decimals, ...more] = mantissa.split(mark)
  const integer = withoutGroups(written, mark)
  if (integer === null || more.length > 0 || !/^\d*$/.test(decimals ?? '')) return []
  if (`${integer}${decimals ?? ''}` === '') return []
  const digits = `${integer || '0'}.${decimals || '0'}`
  return [{ digits, mark: decimals === undefined ? null : mark }]
}

/** Digits in groups of three, or by India's thousand, lakh and crore. Null for what is no whole number. */
function withoutGroups(written: string, decimalMark: string): string | null {
  if (/^\d*$/.test(written)) return written
  const groups = /^[1-9]\d{0,2}(?:([ '_.,])\d{3})(?:\1\d{3})*$/.exec(written)
  const isIndian = /^[1-9]\d?(,\d\d)+,\d{3}$/.test(written)
  const separator = groups?.[1] ?? (isIndian ? ',' : decimalMark)
  return separator === decimalMark ? null : written.replaceAll(separator, '')
}

/** Commas may stand within numbers, or separate them; where there are semicolons, those separate. */
const SEPARATORS = [/,?\s+/, /[,\s]+/] as const
const BESIDE_SEMICOLONS = [/;/, /[;\s]+/] as const

/** In an array, for `flatMap`; null where a part of it is no number in the range, or two. */
function listIn(plain: string, separator: RegExp, range: NumberRange): [number[]] | null {
  const parts = plain.split(separator).filter((part) => part.trim() !== '')
  const values = parts.map((part) => numbersIn(part, range.whole).filter((value) => isWithin(value, range)))
  return values.every(({ length }) => length === 1) ? [values.flat()] : null
}

/** The same in ASCII: digits of any script, no-break and full-width forms, typographic signs, powers of ten. */
function plainText(text: string): string {
  return text
    .replace(/[⁺⁻⁰¹²³⁴-⁹]+/g, '^$&')
    .normalize('NFKC')
    .replace(/\p{Nd}/gu, digitOf)
    .replace(/\p{Cf}/gu, '')
    .replace(/[−–‐]/g, '-')
    .replace(/[’‘٬]/g, "'")
    .replaceAll('٫', '.')
    .replaceAll('؛', ';')
    .replace(/[،、]/g, ', ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/ ?[·×*x] ?10\^([+-]?\d+)$/i, 'e$1')
    .replace(/^([+-]?)10\^([+-]?\d+)$/, '$11e$2')
}

/** In every script the ten digits follow one another, and nothing that is a digit stands before the zero. */
function digitOf(character: string): string {
  const code = character.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++
  return String(value)
}
