// A newer version of the lab: its files lie beside those of the page, whose own stay until it is reloaded.
import type { Workbox } from 'workbox-window'
import { createStore, type StoreApi } from 'zustand/vanilla'

export type Updates = Pick<
  StoreApi<{ readonly isReady: boolean }>,
  'getState' | 'getInitialState' | 'subscribe'
> & {
  /** Reloads the page with the new version. Nothing else does: a person asks for it. */
  readonly load: () => void
}

/** @param worker null where there is no service worker, and so never a newer version beside the page */
export function watchForUpdates(
  worker: Pick<Workbox, 'addEventListener' | 'messageSkipWaiting'> | null,
  reload: () => void,
): Updates {
  const { setState, ...store } = createStore(() => ({ isReady: false }))
  let isActive = false
  let isAskedFor = false
  worker?.addEventListener('waiting', () => setState({ isReady: true }))
  worker?.addEventListener('controlling', ({ isUpdate }) => {
    // The page's first service worker is no update.
    if (!isUpdate) return
    // Where another tab asked for it, this page goes on with its own files.
    isActive = true
    setState({ isReady: true })
    if (isAskedFor) reload()
  })
  return {
    ...store,
    load() {
      isAskedFor = true
      if (isActive) reload()
      else worker?.messageSkipWaiting()
    },
  }
}
