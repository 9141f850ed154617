// A hidden tab may be frozen, or dropped, without a word.
import type { Lab } from '../lab.ts'

/** Whenever the page is put out of sight, or left, what is in training is stored. */
export function checkpointWhenHidden(
  { store, actions }: Lab,
  page: EventTarget & { readonly visibilityState: DocumentVisibilityState },
  window: EventTarget,
): void {
  const keep = () => {
    const { session } = store.getState()
    const isTraining = session?.state === 'running' || session?.state === 'evaluating'
    if (isTraining && !session.isStored) void actions.keep()
  }
  page.addEventListener('visibilitychange', () => {
    if (page.visibilityState === 'hidden') keep()
  })
  window.addEventListener('pagehide', keep)
}
