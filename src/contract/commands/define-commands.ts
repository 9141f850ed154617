// A command is a request and its reply. Each family is a table by kind; the request carries its kind too.
import { z } from 'zod'

type Definition = { readonly request: z.ZodRawShape; readonly reply: z.ZodType }
type Defined<Table extends Readonly<Record<string, Definition>>> = {
  readonly [Kind in keyof Table & string]: {
    readonly request: z.ZodObject<{ readonly kind: z.ZodLiteral<Kind> } & Table[Kind]['request']>
    readonly reply: Table[Kind]['reply']
  }
}

// Two signatures: the compiler cannot follow a key through `Object.entries`.
export function defineCommands<Table extends Readonly<Record<string, Definition>>>(
  table: Table,
): Defined<Table>
export function defineCommands(table: Readonly<Record<string, Definition>>): unknown {
  return Object.fromEntries(
    Object.entries(table).map(([kind, { request, reply }]) => [
      kind,
      { request: z.object({ kind: z.literal(kind), ...request }), reply },
    ]),
  )
}

/** Of a command that only has an effect. */
export const done = z.null()
