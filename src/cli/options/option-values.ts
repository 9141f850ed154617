// Options' words as typed values; every wrong one is a UsageError that names it.
import { ambiguity, isWithin, numbersIn } from '../../base/typed-number.ts'
import type { Values, Verb } from './options.ts'
import { UsageError } from './usage.ts'

export function text(values: Values, name: string): string | null {
  const value = values[name]
  return typeof value === 'string' ? value : null
}

export function required(verb: Verb, values: Values, name: string): string {
  const value = text(values, name)
  if (value === null || value === '') throw new UsageError(`${verb}: --${name} is missing`)
  return value
}

/** A whole number from `least` to `most`; null where the option is absent. */
export function whole(
  verb: Verb,
  values: Values,
  name: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number | null {
  const value = text(values, name)
  if (value === null) return null
  const number = typedNumber(`${verb}: --${name}`, value, true)
  if (number !== null && isWithin(number, { min: least, max: most, whole: true })) return number
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} on` : `${least} to ${most}`
  throw new UsageError(`${verb}: --${name} takes a whole number from ${range}, not ${JSON.stringify(value)}`)
}

export function positive(verb: Verb, values: Values, name: string): number | null {
  const value = text(values, name)
  if (value === null) return null
  const number = typedNumber(`${verb}: --${name}`, value, false)
  if (number !== null && number > 0) return number
  throw new UsageError(`${verb}: --${name} takes a number above 0, not ${JSON.stringify(value)}`)
}

/**
 * The number that a text means; null where it means none.
 * @param option as the refusal begins: "train: --batch"
 * @throws UsageError where it can mean two
 */
export function typedNumber(option: string, value: string, isWhole: boolean): number | null {
  const [number, ...others] = numbersIn(value, isWhole)
  if (number === undefined) return null
  if (others.length === 0) return number
  throw new UsageError(`${option}: ${ambiguity(value, [number, ...others])}`)
}

/** One of the words that an option takes; null where it is absent. */
export function oneOf<Word extends string>(
  verb: Verb,
  values: Values,
  name: string,
  known: readonly Word[],
): Word | null {
  const given = text(values, name)
  if (given === null) return null
  const word = known.find((other) => other === given)
  if (word === undefined) {
    throw new UsageError(`${verb}: --${name} takes ${known.join(' or ')}, not ${JSON.stringify(given)}`)
  }
  return word
}
