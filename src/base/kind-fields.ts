// The fields of a kind (an optimiser, a shortcut): what a value may be, what it is at first, and how people see it.
import { z } from 'zod'

/** What decides how a field looks, besides itself. */
export type FieldContext = {
  /** The kind's own values. */
  readonly values: Readonly<Record<string, unknown>>
  /** Whether images are set aside for validation. */
  readonly isValidated: boolean
}

export type FieldText = string | ((context: FieldContext) => string)

type FieldControl =
  | {
      readonly kind: 'number'
      readonly min: number
      readonly max: number
      readonly whole: boolean
      /** By which the arrow keys change it. */
      readonly step: number
      readonly unit?: FieldText
    }
  | { readonly kind: 'switch' }
  | {
      readonly kind: 'choice'
      readonly options: readonly { readonly id: string; readonly text: string; readonly note?: string }[]
    }
  /** Epochs or iterations: what the kind's other fields count in. */
  | { readonly kind: 'time-unit' }
  /** Whole numbers, ascending. */
  | { readonly kind: 'milestones'; readonly most: number; readonly last: number; readonly unit: FieldText }

export type FieldForm = {
  /** In a sentence: "learning rate". */
  readonly name: string
  /** On the page. */
  readonly label: FieldText
  readonly initial: unknown
  readonly control: FieldControl
  readonly hint?: string
  readonly isDisabled?: (context: FieldContext) => boolean
}

const FORMS = z.registry<FieldForm>()

/** A value's schema as a field. @param schema of this field alone */
export function field<Schema extends z.ZodType>(schema: Schema, form: FieldForm): Schema {
  FORMS.add(schema, form)
  return schema
}

/** A field that is a number. @param min of what a person may type, which a schema may leave open (above 0) */
export function numberField(
  schema: z.ZodNumber,
  form: Omit<FieldForm, 'control'> & {
    readonly initial: number
    readonly min: number
    readonly max: number
    readonly whole?: boolean
    readonly step?: number
    readonly unit?: FieldText
  },
): z.ZodNumber {
  const { min, max, whole = false, step = 1, unit, ...rest } = form
  const control = { kind: 'number', min, max, whole, step, ...(unit !== undefined && { unit }) } as const
  return field(schema, { ...rest, control })
}

export type Fields = Readonly<Record<string, z.ZodType>>

/** @throws Error where the schema is no field: a mistake in the kind's module */
function formOf(name: string, schema: z.ZodType): FieldForm {
  const form = FORMS.get(schema)
  if (!form) throw new Error(`${name} is no field`)
  return form
}

/** Each field of a kind, in the order of the page. */
export function fieldForms(fields: Fields): readonly (readonly [name: string, form: FieldForm])[] {
  return Object.entries(fields).map(([name, schema]) => [name, formOf(name, schema)])
}

/** What a kind's fields are at first, by name; unchecked. */
export function initialValues(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(fieldForms(fields).map(([name, { initial }]) => [name, initial]))
}

/** Why a config that fits its schema is wrong all the same. */
export type FieldIssue = { readonly field: string; readonly message: string }
