import { createContext, useContext } from 'react'

export const ZONES = [
  { id: 'setup', title: 'Set-up' },
  { id: 'run', title: 'Run' },
  { id: 'inspect', title: 'Inspect' },
  { id: 'runs', title: 'Runs' },
] as const
export type ZoneId = (typeof ZONES)[number]['id']

export type ShownZone = {
  readonly shown: ZoneId
  readonly show: (zone: ZoneId) => void
}

export const ZoneContext = createContext<ShownZone | null>(null)

/** Which zone the page shows where it has no room for all, and how a component takes a person to another. */
export function useZones(): ShownZone {
  const zones = useContext(ZoneContext)
  if (!zones) throw new Error('no ZoneContext is above this component')
  return zones
}
