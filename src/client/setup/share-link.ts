// A set-up as a link: the whole config travels in the address's fragment, which no server sees.
import { AppError } from '../../base/app-error.ts'
import { parseRunConfig, type RunConfig } from '../../config/run-config.ts'

const PREFIX = '#config='

/** The fragment, with its `#`, that stands for a set-up: JSON in base64url without padding (RFC 4648, section 5). */
export function toFragment(config: RunConfig): string {
  const bytes = new TextEncoder().encode(JSON.stringify(config))
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(''))
  return PREFIX + base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/**
 * The set-up in a fragment; null where the fragment is about something else.
 * @throws AppError `link-invalid` where it cannot be decoded, `config-invalid` where it says something impossible
 */
export function fromFragment(fragment: string): RunConfig | null {
  if (!fragment.startsWith(PREFIX)) return null
  return parseRunConfig(decode(fragment.slice(PREFIX.length)), 'the link')
}

function decode(text: string): unknown {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (character) => character.codePointAt(0) ?? 0)
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new AppError(
      'link-invalid',
      'The set-up in this link cannot be read; the link may have been cut or edited. The default set-up is shown instead.',
      { cause },
    )
  }
}
