import { useState } from 'react'
import type { Lab } from '../../client/lab.ts'
import { RunZone } from '../run/run-zone.tsx'
import { SetupZone } from '../setup/setup-zone.tsx'
import styles from './app.module.css'
import { DropTarget } from './drop-target.tsx'
import { LabProvider } from './lab-context.tsx'
import { LookPanel } from './look-panel.tsx'
import { PageHeader } from './page-header.tsx'
import { PageNotices } from './page-notices.tsx'
import { PanelBoundary } from './panel-boundary.tsx'

const ZONES = [
  { id: 'setup', title: 'Set-up' },
  { id: 'run', title: 'Run' },
  { id: 'look', title: 'Look' },
] as const
type ZoneId = (typeof ZONES)[number]['id']

/** One page, three zones; on a narrow screen one of them at a time. */
export function App({ lab }: { readonly lab: Lab }) {
  const [shown, setShown] = useState<ZoneId>('run')
  return (
    <LabProvider lab={lab}>
      <div className={styles.page}>
        <PageHeader />
        <PageNotices />
        <main className={styles.zones}>
          <Zone id="setup" shown={shown}>
            <SetupZone />
          </Zone>
          <div className={styles.work}>
            <Zone id="run" shown={shown}>
              <RunZone />
            </Zone>
            <Zone id="look" shown={shown}>
              <LookPanel />
            </Zone>
          </div>
        </main>
        <nav className={styles.nav} aria-label="Zones">
          {ZONES.map(({ id, title }) => (
            <button
              key={id}
              type="button"
              className={styles.tab}
              aria-current={id === shown}
              onClick={() => {
                setShown(id)
                scrollTo(0, 0)
              }}
            >
              {title}
            </button>
          ))}
        </nav>
        <DropTarget />
      </div>
    </LabProvider>
  )
}

function Zone({ id, shown, children }: { id: ZoneId; shown: ZoneId; children: React.ReactNode }) {
  const title = ZONES.find((zone) => zone.id === id)?.title
  return (
    <section
      className={`${styles.zone} ${styles[id]}`}
      aria-labelledby={`zone-${id}`}
      data-shown={id === shown ? '' : undefined}
    >
      <h2 id={`zone-${id}`}>{title}</h2>
      <PanelBoundary name={title ?? id}>{children}</PanelBoundary>
    </section>
  )
}
