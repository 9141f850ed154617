// In what two configs differ, field by field: what a table of runs shows, and what a person changed in a preset.
import type { RunConfig } from '../config/run-config.ts'

/** A field's path, such as "optimiser.learningRate", and its value on both sides; undefined where a side has no such field. */
export type ConfigDifference = {
  readonly path: string
  readonly from: unknown
  readonly to: unknown
}

/** In the order of the fields. A list is one field; the preset's name is a label, not a difference. */
export function configDifferences(from: RunConfig, to: RunConfig): ConfigDifference[] {
  const before = fieldsOf(from)
  const after = fieldsOf(to)
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter(
      (path) => path !== 'preset' && JSON.stringify(before.get(path)) !== JSON.stringify(after.get(path)),
    )
    .map((path) => ({ path, from: before.get(path), to: after.get(path) }))
}

/** Whether all that differs is among these fields. */
export function differOnlyIn(paths: readonly string[], one: RunConfig, other: RunConfig): boolean {
  return configDifferences(one, other).every(({ path }) => paths.includes(path))
}

/** Fields that are not the same in all configs, in their order; those of a part that some have not at all among them. */
export function differingPaths(configs: readonly RunConfig[]): string[] {
  const seen = new Map<string, { readonly text: string | undefined; count: number; differs: boolean }>()
  for (const config of configs) {
    for (const [path, value] of fieldsOf(config)) {
      const text = JSON.stringify(value)
      const known = seen.get(path)
      if (!known) seen.set(path, { text, count: 1, differs: false })
      else {
        known.count++
        known.differs ||= known.text !== text
      }
    }
  }
  return [...seen]
    .filter(([path, { count, differs }]) => path !== 'preset' && (differs || count < configs.length))
    .map(([path]) => path)
}

/** A field's value; undefined where the config has none. */
export function valueAt(config: RunConfig, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null
          ? Object.entries(value).find(([name]) => name === key)?.[1]
          : undefined,
      config,
    )
}

function fieldsOf(value: object, prefix = ''): Map<string, unknown> {
  const fields = new Map<string, unknown>()
  const entries: [string, unknown][] = Object.entries(value)
  for (const [key, inner] of entries) {
    const path = prefix + key
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) fields.set(path, inner)
    else for (const [deeper, leaf] of fieldsOf(inner, `${path}.`)) fields.set(deeper, leaf)
  }
  return fields
}
