import { count } from '../charts/curve-values.ts'
import { ThemeToggle } from '../theme/theme-toggle.tsx'
import { DeviceBadge } from '../device/device-badge.tsx'
import { useLab } from '../foundation/lab-context.tsx'
import styles from './page-header.module.css'
import { useZones } from '../foundation/zones.ts'
import { useState } from 'react'
import { toFragment } from '../../client/setup/share-link.ts'
import { ActionButton } from '../foundation/controls/action-button.tsx'

export function PageHeader() {
  return (
    <header className={styles.header}>
      <div className={styles.brand}>
        <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width="24" height="24" />
        <h1>Residual Lab</h1>
      </div>
      <Views />
      <p className={styles.tagline}>Train the same network with and without identity mappings</p>
      <div className={styles.tools} translate="no">
        <DeviceBadge />
        <ThemeToggle />
        <ShareButton />
      </div>
    </header>
  )
}

/** Where three zones stand side by side there are two things to look at; a narrow page has its own bar. */
function Views() {
  const { shown, show } = useZones()
  const stored = useLab(
    ({ stored: { entries } }) => entries.filter(({ deletedAt }) => deletedAt === null).length,
  )
  return (
    <nav className={styles.views} aria-label="Views" translate="no">
      <button type="button" aria-current={shown !== 'runs'} onClick={() => show('run')}>
        Lab
      </button>
      <button type="button" aria-current={shown === 'runs'} onClick={() => show('runs')}>
        Runs{stored > 0 && <span className={styles.stored}> {count(stored)}</span>}
      </button>
    </nav>
  )
}

/** Long enough to be read. */
const SAID_MS = 3_000

/** Puts the set-up into the address, and the address into the clipboard where the browser lets us. */
function ShareButton() {
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
