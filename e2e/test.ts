// What every journey begins with: Playwright's test, in whose browser pages are slower where the environment asks for it,
// and in which nothing may be done that the Content-Security-Policy refuses.
import { type BrowserContext, test as base } from '@playwright/test'
import { z } from 'zod'
import { APP_PORT, VIOLATIONS } from './ports.ts'

export { expect } from '@playwright/test'

/** How many times slower the main thread of a page runs: E2E_CPU_THROTTLE=4 shows which journeys bet on a speed. */
const CPU_THROTTLE = Number(process.env['E2E_CPU_THROTTLE'] ?? 1)

export const test = base.extend({
  context: async ({ context }, use) => {
    const violations = watchPages(context)
    await use(context)
    await expectNone(violations)
  },
})

/** Of a context that is not the test's own: what its pages say that they are refused, as it happens. */
export function watchPages(context: BrowserContext): readonly string[] {
  throttlePages(context)
  const violations: string[] = []
  context.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text())
  })
  return violations
}

/** Nor did a page or a worker report anything: journeys beside this one fail with it. */
export async function expectNone(said: readonly string[]): Promise<void> {
  base.expect([...said, ...(await takeReports())], 'refused by the Content-Security-Policy').toEqual([])
}

/** What was reported to the app's server since this was asked last. */
async function takeReports(): Promise<string[]> {
  const response = await fetch(`http://127.0.0.1:${APP_PORT}${VIOLATIONS}`)
  return z.array(z.string()).parse(await response.json())
}

function throttlePages(context: BrowserContext): void {
  if (CPU_THROTTLE === 1) return
  context.on('page', async (page) => {
    try {
      const session = await context.newCDPSession(page)
      await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_THROTTLE })
    } catch (error) {
      if (!page.isClosed()) throw error
    }
  })
}
