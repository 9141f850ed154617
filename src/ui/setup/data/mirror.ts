import type { Parsed } from '../../../base/typed-number.ts'

/** A mirror's address; an empty text means the page's own server. */
export function readMirror(text: string): Parsed<string | null> {
  const trimmed = text.trim()
  if (trimmed === '') return { value: null }
  const url = URL.canParse(trimmed) ? new URL(trimmed) : null
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return { value: url.href }
  return { error: 'Enter an address that starts with https:// or http://.' }
}
