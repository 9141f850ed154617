import { ThemeToggle } from '../theme/theme-toggle.tsx'
import { DeviceBadge } from './device-badge.tsx'
import { useLab } from './lab-context.tsx'
import styles from './page-header.module.css'
import { ShareButton } from './share-button.tsx'

export function PageHeader() {
  const device = useLab((state) => state.device)
  return (
    <header className={styles.header}>
      <div className={styles.brand}>
        <img src="/icon.svg" alt="" width="24" height="24" />
        <h1>Residual Lab</h1>
      </div>
      <p className={styles.tagline}>Train the same network with and without identity mappings</p>
      <div className={styles.tools}>
        <DeviceBadge device={device} />
        <ThemeToggle />
        <ShareButton />
      </div>
    </header>
  )
}
