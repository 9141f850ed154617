// Wiring only: the worker, the lab over it, the page over the lab.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { enginePreference, rememberEngine, withoutEngine } from './client/device/engine-preference.ts'
import { checkpointWhenHidden } from './client/session/checkpoint-when-hidden.ts'
import { createLab } from './client/lab.ts'
import { persistOnceItMatters } from './client/runs/persist-once-it-matters.ts'
import { openSite } from './client/site/open-site.ts'
import { startWorker } from './client/worker-client.ts'
import { App } from './ui/app/app.tsx'
import { bearTranslation } from './ui/foundation/bear-translation.ts'
import { fetchPartsWhenIdle } from './ui/foundation/lazy-part.tsx'
import { rememberedTheme, showTheme } from './ui/theme/theme-choice.ts'
import './ui/theme/theme.css'
import './ui/theme/base.css'

showTheme(rememberedTheme())

/** A page that is never idle fetches its parts all the same. */
const LATEST_IDLE_MS = 2000

const root = document.querySelector('#root')
if (!root) throw new Error('index.html has no #root')

const preference = enginePreference(location.search, storage())
const lab = createLab((listener) => startWorker(listener, preference.setting), {
  preference,
  remember(setting) {
    rememberEngine(setting, storage())
    history.replaceState(null, '', location.pathname + withoutEngine(location.search) + location.hash)
  },
})
lab.actions.followLink(location.hash)
addEventListener('hashchange', () => lab.actions.followLink(location.hash))
checkpointWhenHidden(lab, document, window)
persistOnceItMatters(lab)
const updates = openSite(lab)

/** Null where the browser blocks it. */
function storage(): Storage | null {
  try {
    return localStorage
  } catch {
    return null
  }
}

bearTranslation()
createRoot(root).render(
  <StrictMode>
    <App lab={lab} updates={updates} />
  </StrictMode>,
)

void fetchPartsWhenIdle(() => new Promise(whenIdle))

/** Safari knows no idle moments. */
function whenIdle(proceed: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(proceed, { timeout: LATEST_IDLE_MS })
  else setTimeout(proceed)
}
