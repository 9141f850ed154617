import { vi } from 'vitest'

/** A test that waits this long has hung, on any machine. */
export const HUNG_MS = 100_000

/** Resolves once the assertion holds, however long a busy machine takes. */
export function eventually(assertion: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(assertion, { timeout: HUNG_MS, interval: 5 })
}
