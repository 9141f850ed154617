import { useState } from 'react'
import { toFragment } from '../../client/setup/share-link.ts'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import { useLab } from '../foundation/lab-context.tsx'

/** Long enough to be read. */
const SAID_MS = 3_000

/** Puts the set-up into the address, and the address into the clipboard where the browser lets us. */
export function ShareButton() {
  const setup = useLab((state) => state.setup)
  const [said, setSaid] = useState<string | null>(null)

  async function share(): Promise<void> {
    history.replaceState(null, '', toFragment(setup))
    try {
      await navigator.clipboard.writeText(location.href)
      setSaid('Link copied')
    } catch {
      // No permission, or a page without TLS: the address bar has it all the same.
      setSaid('Link is in the address bar')
    }
    setTimeout(() => setSaid(null), SAID_MS)
  }

  return (
    <>
      <ActionButton onPress={() => void share()}>{said ?? 'Copy link'}</ActionButton>
      <span className="visually-hidden" aria-live="polite">
        {said}
      </span>
    </>
  )
}
