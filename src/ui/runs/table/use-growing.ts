import { startTransition, useEffect, useState } from 'react'

/** Drawn at once; more than fits on a screen. */
const FIRST = 40
const MORE = 20

/** How many of many rows to draw by now: the first at once, the others by and by, so that the page never waits for all. */
export function useGrowing(total: number): number {
  const [drawn, setDrawn] = useState(FIRST)
  useEffect(() => {
    if (drawn >= total) return undefined
    const next = setTimeout(() => startTransition(() => setDrawn(drawn + MORE)))
    return () => clearTimeout(next)
  }, [drawn, total])
  return drawn
}
