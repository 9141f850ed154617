import type { SelectOption } from '../foundation/controls/select-field.tsx'

type Kind<Id extends string> = { readonly kind: Id; readonly label: string; readonly note?: string }

/** A menu's options: one for each kind. */
export function kindOptions<Id extends string>(kinds: readonly Kind<Id>[]): SelectOption<Id>[] {
  return kinds.map(({ kind, label, note }) => ({
    id: kind,
    text: label,
    ...(note !== undefined && { note }),
  }))
}
