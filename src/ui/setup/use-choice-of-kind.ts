import { useState } from 'react'

/** Chooses another kind, with what it was last set to while this panel was open, or else its defaults. */
export function useChoiceOfKind<Choice extends { readonly kind: string }>(
  current: Choice,
  change: (next: Choice) => void,
  defaults: (kind: Choice['kind']) => Choice,
): (kind: Choice['kind']) => void {
  const [left, setLeft] = useState<ReadonlyMap<string, Choice>>(new Map())
  return (kind) => {
    if (kind === current.kind) return
    setLeft(new Map(left).set(current.kind, current))
    change(left.get(kind) ?? defaults(kind))
  }
}
