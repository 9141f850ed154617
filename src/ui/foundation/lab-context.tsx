import { createContext, type ReactNode, useContext } from 'react'
import { useStore } from 'zustand'
import type { Lab, LabActions } from '../../client/lab.ts'
import type { LabState } from '../../client/lab-store.ts'

const LabContext = createContext<Lab | null>(null)

export function LabProvider({ lab, children }: { readonly lab: Lab; readonly children: ReactNode }) {
  return <LabContext value={lab}>{children}</LabContext>
}

/** A part of the state; the component renders again when, and only when, that part is another one. */
export function useLab<T>(select: (state: LabState) => T): T {
  return useStore(useLabItself().store, select)
}

/** Everything that a person can do; the same object for as long as the page lives. */
export function useActions(): LabActions {
  return useLabItself().actions
}

function useLabItself(): Lab {
  const lab = useContext(LabContext)
  if (!lab) throw new Error('no LabProvider is above this component')
  return lab
}
