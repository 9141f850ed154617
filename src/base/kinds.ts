// Kinds (of optimisers, schedules, shortcuts, …): of each, one object says all that the lab knows.
import { z } from 'zod'
import { type Fields, initialValues } from './kind-fields.ts'

/** What every kind says, whatever it is a kind of. */
export interface Kind<Name extends string, Config> {
  readonly kind: Name
  /** As menus call it. */
  readonly label: string
  /** In the menu, under the label. */
  readonly note?: string
  readonly fields: Fields
  /** The fields as they are at first. */
  readonly defaults: Config
  /** @throws ZodError where the field has no such value */
  withField(config: Config, name: string, value: unknown): Config
}

export type KindSchema<Name extends string, KindFields extends Fields> = z.ZodObject<
  { kind: z.ZodLiteral<Name> } & KindFields,
  z.core.$strict
>
/** A kind's part of a run's config. */
export type KindConfig<Name extends string, KindFields extends Fields> = z.output<
  KindSchema<Name, KindFields>
>

/** What a module says of its kind, besides what only kinds of this sort have. */
export type KindDefinition<Name extends string, KindFields extends Fields> = Pick<
  Kind<Name, unknown>,
  'kind' | 'label' | 'note'
> & { readonly fields: KindFields }

/** What follows from a kind's fields. */
export function fromFields<Name extends string, KindFields extends Fields>({
  kind,
  fields,
}: KindDefinition<Name, KindFields>) {
  const schema: KindSchema<Name, KindFields> = z.strictObject({ kind: z.literal(kind), ...fields })
  return {
    schema,
    defaults: schema.parse({ kind, ...initialValues(fields) }),
    withField: (config: KindConfig<Name, KindFields>, name: string, value: unknown) =>
      schema.parse({ ...config, [name]: value }),
  }
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
export function carriedOver<Config>(kind: Kind<string, Config>, before: object): Config {
  return Object.entries(before)
    .filter(([name]) => name in kind.fields)
    .reduce((config, [name, value]) => kind.withField(config, name, value), kind.defaults)
}
