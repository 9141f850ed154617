// `--set FIELD=VALUE`: any field of a run's config, by its path.
import { readList } from '../../base/typed-number.ts'
import { typedNumber } from './option-values.ts'
import type { Values } from './options.ts'
import { UsageError } from './usage.ts'

/**
 * A config with fields of it replaced, not yet judged.
 * @param settings "optimiser.momentum=0.95"; a value that is no JSON is a number as people type it, in the place of a list a
 *   list of them, else a text
 * @throws UsageError where one has no field or no value, or can mean two numbers
 */
export function withFields(verb: string, config: object, settings: Values[string]): unknown {
  const given = Array.isArray(settings) ? settings : []
  return given.reduce<unknown>((changed, setting) => {
    const [, field, value] = /^([\w.]+)=(.*)$/s.exec(String(setting)) ?? []
    if (field === undefined || value === undefined) {
      throw new UsageError(
        `${verb}: --set takes FIELD=VALUE, such as augmentation.rotation=5, not ${JSON.stringify(setting)}`,
      )
    }
    return withField(changed, field.split('.'), (before) => valueOf(`${verb}: --set ${field}`, value, before))
  }, config)
}

function withField(
  parent: unknown,
  [key, ...deeper]: readonly string[],
  value: (before: unknown) => unknown,
): unknown {
  if (key === undefined) return value(parent)
  const fields: Readonly<Record<string, unknown>> =
    typeof parent === 'object' && parent !== null && !Array.isArray(parent) ? { ...parent } : {}
  return { ...fields, [key]: withField(fields[key], deeper, value) }
}

const ANY_NUMBER = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE, whole: false } as const

function valueOf(option: string, value: string, before: unknown): unknown {
  try {
    return JSON.parse(value)
  } catch {
    if (!Array.isArray(before)) return typedNumber(option, value, Number.isInteger(before)) ?? value
    const list = readList(value, { ...ANY_NUMBER, whole: before.every(Number.isInteger) })
    return 'value' in list ? list.value : value
  }
}
