import { count } from '../charts/curve-values.ts'
import { ThemeToggle } from '../theme/theme-toggle.tsx'
import { DeviceBadge } from './device-badge.tsx'
import { useLab } from '../foundation/lab-context.tsx'
import styles from './page-header.module.css'
import { ShareButton } from './share-button.tsx'
import { useZones } from '../foundation/zones.ts'

export function PageHeader() {
  return (
    <header className={styles.header}>
      <div className={styles.brand}>
        <img src="/icon.svg" alt="" width="24" height="24" />
        <h1>Residual Lab</h1>
      </div>
      <Views />
      <p className={styles.tagline}>Train the same network with and without identity mappings</p>
      <div className={styles.tools}>
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
    <nav className={styles.views} aria-label="Views">
      <button type="button" aria-current={shown !== 'runs'} onClick={() => show('run')}>
        Lab
      </button>
      <button type="button" aria-current={shown === 'runs'} onClick={() => show('runs')}>
        Runs{stored > 0 && <span className={styles.stored}> {count(stored)}</span>}
      </button>
    </nav>
  )
}
