// Threads share memory only in a page that is cross-origin isolated. Where the host does not send the headers for that,
// the service worker adds them, but only to a page that is loaded after it.

export type IsolationPorts = {
  readonly isIsolated: boolean
  /** Resolves when the service worker would answer for the page's next load. */
  readonly register: () => Promise<unknown>
  /** Whether a person, or a session, would lose something with a reload. */
  readonly isInUse: () => boolean
  /** This tab's memory; null where the browser refuses it. */
  readonly memory: Pick<Storage, 'getItem' | 'setItem'> | null
  readonly reload: () => void
}

const RELOADED = 'residual-lab-isolation-reload'

/**
 * Registers the service worker, and reloads a page that is not isolated, once in the life of its tab. A page that is in
 * use is left alone: its next visit is isolated.
 */
export async function isolatePage({ isIsolated, register, isInUse, memory, reload }: IsolationPorts) {
  try {
    await register()
  } catch {
    // A private window, a blocked script: the page works without threads, and with a network.
    return
  }
  if (isIsolated || isInUse() || !remember(memory)) return
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

/** @returns whether a person has pressed, typed or dropped anything yet */
export function watchForTouch(page: EventTarget): () => boolean {
  let isTouched = false
  for (const type of ['pointerdown', 'keydown', 'drop']) {
    page.addEventListener(type, () => (isTouched = true), { capture: true, once: true })
  }
  return () => isTouched
}
