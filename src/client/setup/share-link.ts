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
 * The set-up in a fragment; null where the fragment is about something else. What a chat program or a mail made of the
 * link on its way does no harm: percent-encoding, brackets around it, line breaks in it, a full stop after it.
 * @throws AppError `link-invalid` where it cannot be decoded, `config-invalid` where it says something impossible
 */
export function fromFragment(fragment: string): RunConfig | null {
  const [, text] = LINK.exec(asWritten(fragment)) ?? []
  return text === undefined ? null : parseRunConfig(decode(text), 'the link')
}

/** `=3D` is what quoted-printable makes of `=`; a JSON object in base64 begins with `ey`. */
const LINK = /^<?#config=(?:3D(?=ey))?([^&?]*)/
/** What sentences and brackets put behind an address. None of it is base64url. */
const BEHIND = /[\s<>()[\]{}"'“”‘’«».,;:!?*`…]+$/

/** Encoded once, or again by each program that it passed through. */
function asWritten(fragment: string): string {
  let text = fragment
  for (let times = 0; times < 3 && text.includes('%'); times++) {
    try {
      text = decodeURIComponent(text)
    } catch {
      break
    }
  }
  return text
    .replace(/^#+(?=#)/, '')
    .replaceAll(/\s+/g, '')
    .replace(BEHIND, '')
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
