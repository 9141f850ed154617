// Lists of kinds: of each, one object says all that the lab knows, beginning with the schema of its config.
import type { z } from 'zod'

/** What every kind says, whatever it is a kind of. */
export type Kind<Schema extends z.ZodType<{ kind: string }>> = {
  readonly kind: z.infer<Schema>['kind']
  /** As menus call it. */
  readonly label: string
  /** What it is, in a line under the label. */
  readonly note: string
  readonly schema: Schema
  /** The other fields of its config, as they begin. */
  readonly defaults: Omit<z.infer<Schema>, 'kind'>
}

type Schemas<Kinds extends readonly { readonly schema: unknown }[]> = {
  readonly [Index in keyof Kinds]: Kinds[Index]['schema']
}

/** The schemas of a list, for `z.discriminatedUnion`. */
export function schemasOf<const Kinds extends readonly { readonly schema: unknown }[]>(
  kinds: Kinds,
): Schemas<Kinds>
export function schemasOf(kinds: readonly { readonly schema: unknown }[]): readonly unknown[] {
  return kinds.map(({ schema }) => schema)
}

/** @throws Error where the list has none of that name */
export function kindNamed<Listed extends { readonly kind: string }>(
  kinds: readonly Listed[],
  name: Listed['kind'],
): Listed {
  const found = kinds.find(({ kind }) => kind === name)
  if (!found) throw new Error(`no kind is called ${name}`)
  return found
}

/** A config of this kind: fields that the one before has too are kept, the others begin as usual. */
export function configOf<Config>(
  { kind, defaults, schema }: { kind: string; defaults: object; schema: z.ZodType<Config> },
  before: object,
): Config {
  const kept = Object.entries(before).filter(([key]) => key in defaults)
  return schema.parse({ ...defaults, ...Object.fromEntries(kept), kind })
}
