import type { ComponentType } from 'react'
import type { LabState } from '../../client/lab-store.ts'

/** A tab of the Inspect zone. `index.ts` lists them; nothing else knows one by its name. */
export type InspectTab = {
  readonly id: string
  readonly title: string
  /** Whether there is anything to inspect yet. */
  readonly applies: (state: LabState) => boolean
  readonly Panel: ComponentType
  /** What the tab shows until it applies. */
  readonly Empty?: ComponentType
}
