// Threads share memory only in a page that is cross-origin isolated. Where the host does not send the headers for that,
// a service worker adds them (public/isolation-worker.js), but only to a page that is loaded after it.
import { isActive } from '../session/session-record.ts'
import type { Lab } from '../lab.ts'

export type IsolationFacts = {
  /** Built, not served for development. */
  readonly isProduction: boolean
  /** https, or this machine. */
  readonly isSecureContext: boolean
  readonly isIsolated: boolean
  readonly hasServiceWorkers: boolean
}

export type IsolationPorts = {
  readonly facts: IsolationFacts
  /** Resolves when the service worker would answer for the page's next load. */
  readonly register: () => Promise<unknown>
  /** Whether a person, or a session, would lose something with a reload. */
  readonly isInUse: () => boolean
  /** This tab's memory; null where the browser refuses it. */
  readonly memory: Pick<Storage, 'getItem' | 'setItem'> | null
  readonly reload: () => void
}

const RELOADED = 'residual-lab-isolation-reload'

export function needsServiceWorker(facts: IsolationFacts): boolean {
  return facts.isProduction && facts.isSecureContext && !facts.isIsolated && facts.hasServiceWorkers
}

/**
 * Registers the service worker where it is needed, and reloads the page once in the life of a tab. A page that is in use
 * is left alone: its next visit is isolated.
 */
export async function isolatePage({ facts, register, isInUse, memory, reload }: IsolationPorts) {
  if (!needsServiceWorker(facts)) return
  try {
    await register()
  } catch {
    // A private window, a blocked script: the page works without threads.
    return
  }
  if (isInUse() || !remember(memory)) return
  reload()
}

/** Whether this is the tab's first time, and the next will know. */
function remember(memory: IsolationPorts['memory']): boolean {
  if (!memory || memory.getItem(RELOADED) !== null) return false
  try {
    memory.setItem(RELOADED, 'done')
    return true
  } catch {
    // Full: a reload that is not remembered might come again and again.
    return false
  }
}

export function browserIsolation({ store }: Lab): IsolationPorts {
  let isTouched = false
  for (const type of ['pointerdown', 'keydown', 'drop']) {
    addEventListener(type, () => (isTouched = true), { capture: true, once: true })
  }
  return {
    facts: {
      isProduction: import.meta.env.PROD,
      isSecureContext,
      isIsolated: crossOriginIsolated,
      hasServiceWorkers: 'serviceWorker' in navigator,
    },
    async register() {
      await navigator.serviceWorker.register(`${import.meta.env.BASE_URL}isolation-worker.js`)
      await navigator.serviceWorker.ready
    },
    isInUse: () => {
      const { session, busy } = store.getState()
      return isActive(session) || busy.size > 0 || isTouched
    },
    memory: tabMemory(),
    reload: () => location.reload(),
  }
}

function tabMemory(): Storage | null {
  try {
    return sessionStorage
  } catch {
    return null
  }
}
