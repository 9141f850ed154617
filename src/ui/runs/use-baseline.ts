import { useCallback, useState } from 'react'

const KEY = 'residual-lab.baseline'

/** The run that others are measured against; a preference of this browser. Null for none. */
export function useBaseline(): [run: string | null, pin: (run: string | null) => void] {
  const [baseline, setBaseline] = useState(remembered)
  const pin = useCallback((run: string | null): void => {
    setBaseline(run)
    try {
      if (run === null) localStorage.removeItem(KEY)
      else localStorage.setItem(KEY, run)
    } catch {
      // Storage is forbidden: the choice lasts as long as the page.
    }
  }, [])
  return [baseline, pin]
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
