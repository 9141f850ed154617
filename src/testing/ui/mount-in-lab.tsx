// Components as a person meets them, in a document, on a lab of the test's making.
import { cleanup, render } from '@testing-library/react'
import { type UserEvent, userEvent } from '@testing-library/user-event'
import type { ReactNode } from 'react'
import { onTestFinished } from 'vitest'
import { createLab, type LabActions } from '../../client/lab.ts'
import { createLabStore, type LabState, type LabStore } from '../../client/lab-store.ts'
import { LabProvider } from '../../ui/foundation/lab-context.tsx'

/** Draws it until the test ends. @returns whoever presses and types */
export function mount(ui: ReactNode): UserEvent {
  render(ui)
  onTestFinished(cleanup)
  return userEvent.setup()
}

/**
 * @param state what differs from a page just opened
 * @param actions what the test listens to; the others reach a worker that answers nothing
 */
export function mountInLab(
  ui: ReactNode,
  { state = {}, actions = {} }: { state?: Partial<LabState>; actions?: Partial<LabActions> } = {},
): { readonly user: UserEvent; readonly store: LabStore } {
  const store = createLabStore()
  store.setState(state)
  const unasked = createLab(() => ({
    call: ({ kind }) => Promise.reject(new Error(`no test answers ${kind}`)),
    end: () => undefined,
  })).actions
  return {
    store,
    user: mount(<LabProvider lab={{ store, actions: { ...unasked, ...actions } }}>{ui}</LabProvider>),
  }
}
