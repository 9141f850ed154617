// In what two configs differ, field by field: what a table of runs shows, and what a person changed in a preset.
import type { RunConfig } from '../contract/run-config.ts'

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
