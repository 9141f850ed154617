import { Activity, memo, type ReactNode, useCallback, useMemo, useState } from 'react'
import type { Lab } from '../../client/lab.ts'
import type { Updates } from '../../client/site/updates.ts'
import { InspectZone } from '../inspect/inspect-zone.tsx'
import { RunZone } from '../run/run-zone.tsx'
import { lazyPart } from '../foundation/lazy-part.tsx'
import { SetupZone } from '../setup/setup-zone.tsx'
import styles from './app.module.css'
import { DropTarget } from './drop-target.tsx'
import { EngineQuestion } from '../device/engine-question.tsx'
import { LabProvider, useActions, useLab } from '../foundation/lab-context.tsx'
import { PageHeader } from './page-header.tsx'
import { PanelBoundary } from '../foundation/panel-boundary.tsx'
import { ZoneContext, type ZoneId, ZONES } from '../foundation/zones.ts'
import { FailureNotice } from '../foundation/controls/notice.tsx'
import { UpdateNotice } from './update-notice.tsx'

const RunsZone = lazyPart(async () => (await import('../runs/runs-zone.tsx')).RunsZone)

/**
 * One page, four zones. Set-up, Run and Inspect stand side by side, and Runs takes their place, which is as wide as its
 * table; on a narrow screen each has the page to itself.
 */
export function App({ lab, updates }: { readonly lab: Lab; readonly updates: Updates }) {
  const zones = useShownZone()
  const { shown, show } = zones
  return (
    <LabProvider lab={lab}>
      <ZoneContext value={zones}>
        <div className={styles.page}>
          <PageHeader />
          <PageNotices />
          <UpdateNotice updates={updates} />
          <main className={styles.zones} data-view={shown === 'runs' ? 'runs' : 'lab'}>
            <LabZones shown={shown} />
            <StoredRuns shown={shown === 'runs'} />
          </main>
          <nav className={styles.nav} aria-label="Zones">
            {ZONES.map(({ id, title }) => (
              <button
                key={id}
                type="button"
                className={styles.tab}
                aria-current={id === shown}
                onClick={() => show(id)}
              >
                {title}
              </button>
            ))}
          </nav>
          <DropTarget />
          <EngineQuestion />
        </div>
      </ZoneContext>
    </LabProvider>
  )
}

/** In the address, so that a reload shows the runs again. */
const RUNS_FRAGMENT = '#runs'

function useShownZone() {
  const [shown, setShown] = useState<ZoneId>(location.hash === RUNS_FRAGMENT ? 'runs' : 'run')
  const show = useCallback((zone: ZoneId) => {
    setShown(zone)
    if (zone === 'runs') history.replaceState(null, '', RUNS_FRAGMENT)
    else if (location.hash === RUNS_FRAGMENT) {
      history.replaceState(null, '', location.pathname + location.search)
    }
    scrollTo(0, 0)
  }, [])
  return useMemo(() => ({ shown, show }), [shown, show])
}

const LabZones = memo(function LabZones({ shown }: { readonly shown: ZoneId }) {
  return (
    <>
      <Zone id="setup" shown={shown === 'setup'}>
        <SetupZone />
      </Zone>
      <div className={styles.work}>
        <Zone id="run" shown={shown === 'run'}>
          <RunZone />
        </Zone>
        <Zone id="inspect" shown={shown === 'inspect'}>
          <InspectZone />
        </Zone>
      </div>
    </>
  )
})

/** Drawn when it is first asked for; then it keeps what is chosen in it, and draws nothing while out of sight. */
function StoredRuns({ shown }: { readonly shown: boolean }) {
  const [wasShown, setWasShown] = useState(shown)
  if (shown && !wasShown) setWasShown(true)
  if (!wasShown) return null
  return (
    <Activity mode={shown ? 'visible' : 'hidden'}>
      <Zone id="runs" shown={shown}>
        <RunsZone />
      </Zone>
    </Activity>
  )
}

/** Translated text is the browser's, and no longer follows what is trained; so zones of live values stay as they are. */
function Zone({ id, shown, children }: { id: ZoneId; shown: boolean; children: ReactNode }) {
  const title = ZONES.find((zone) => zone.id === id)?.title
  return (
    <section
      className={`${styles.zone} ${styles[id]}`}
      aria-labelledby={`zone-${id}`}
      data-shown={shown ? '' : undefined}
      translate={id === 'setup' ? undefined : 'no'}
    >
      <h2 id={`zone-${id}`}>{title}</h2>
      <PanelBoundary name={title ?? id}>{children}</PanelBoundary>
    </section>
  )
}

/** What concerns the page as a whole: a broken link, a worker that is gone, storage that the browser refuses. */
function PageNotices() {
  const link = useLab((state) => state.failures.link)
  const page = useLab((state) => state.failures.page)
  const worker = useLab((state) => state.workerFailure)
  const storage = useLab((state) => state.stored.failure)
  const { dismissFailure } = useActions()
  if (!link && !page && !worker && !storage) return null
  return (
    <div className={styles.notices}>
      <FailureNotice failure={worker} />
      <FailureNotice failure={storage} />
      <FailureNotice failure={page} onDismiss={() => dismissFailure('page')} />
      <FailureNotice failure={link} onDismiss={() => dismissFailure('link')} />
    </div>
  )
}
