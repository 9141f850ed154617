// `--set FIELD=VALUE`: any field of a run's config, by its path.
import type { Values } from './options.ts'
import { UsageError } from './usage.ts'

/**
 * A config with fields of it replaced, not yet judged.
 * @param settings "optimiser.momentum=0.95"; a value that is no JSON is a text
 * @throws UsageError where one has no field or no value
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
    return withField(changed, field.split('.'), jsonOrText(value))
  }, config)
}

function withField(parent: unknown, [key, ...deeper]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  const fields: Readonly<Record<string, unknown>> =
    typeof parent === 'object' && parent !== null && !Array.isArray(parent) ? { ...parent } : {}
  return { ...fields, [key]: withField(fields[key], deeper, value) }
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
