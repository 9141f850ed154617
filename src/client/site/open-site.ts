// The page and the place that it comes from: its service worker (src/site), with which it is isolated, opens without a
// network, and learns of newer versions.
import { Workbox } from 'workbox-window'
import { holdProgram } from '../../site/open-programs.ts'
import { isolatePage, watchForTouch } from './isolate-page.ts'
import { isActive } from '../session/session-record.ts'
import type { Lab } from '../lab.ts'
import { deviceSettled } from '../lab-store.ts'
import { type Updates, watchForUpdates } from './updates.ts'

/** How often a page that stays open asks for a newer version. */
const CHECK_MS = 60 * 60_000

export function openSite({ store }: Lab): Updates {
  const worker = createWorker()
  const updates = watchForUpdates(worker, () => location.reload())
  if (!worker) return updates
  const program = document.querySelector<HTMLScriptElement>('script[type="module"][src]')
  if (program && 'locks' in navigator) holdProgram(navigator.locks, program.src)
  const isTouched = watchForTouch(window)
  void isolatePage({
    isIsolated: crossOriginIsolated,
    async register() {
      // An isolated page needs it for its next visit only: what it was opened for goes first.
      if (crossOriginIsolated) await deviceSettled(store)
      await worker.register({ immediate: true })
      checkNowAndThen(worker)
      await navigator.serviceWorker.ready
    },
    isInUse() {
      const { session, busy } = store.getState()
      return isActive(session) || busy.size > 0 || isTouched()
    },
    memory: tabMemory(),
    reload: () => location.reload(),
  })
  return updates
}

/** Null in development, over plain http, and in browsers that have no service workers or do not let us have one. */
function createWorker(): Workbox | null {
  if (!import.meta.env.PROD || !isSecureContext || !('serviceWorker' in navigator)) return null
  return new Workbox(`${import.meta.env.BASE_URL}service-worker.js`, { updateViaCache: 'none' })
}

function checkNowAndThen(worker: Workbox): void {
  // Without a network there is no answer, and nothing to say.
  const check = () => void worker.update().catch(() => undefined)
  setInterval(check, CHECK_MS)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') check()
  })
}

function tabMemory(): Storage | null {
  try {
    return sessionStorage
  } catch {
    return null
  }
}
