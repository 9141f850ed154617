// What every journey begins with: Playwright's test, in whose browser pages are slower where the environment asks for it,
// and in which nothing may be done that the Content-Security-Policy refuses.
import { type BrowserContext, test as base } from '@playwright/test'

export { expect } from '@playwright/test'

/** How many times slower the main thread of a page runs: E2E_CPU_THROTTLE=4 shows which journeys bet on a speed. */
const CPU_THROTTLE = Number(process.env['E2E_CPU_THROTTLE'] ?? 1)

export const test = base.extend({
  context: async ({ context }, use) => {
    const violations = watchPages(context)
    await use(context)
    expectNone(violations)
  },
})

/** Of a context that is not the test's own: what its pages and their workers are refused, as it happens. */
export function watchPages(context: BrowserContext): readonly string[] {
  throttlePages(context)
  const violations: string[] = []
  context.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text())
  })
  return violations
}

export function expectNone(violations: readonly string[]): void {
  base.expect(violations, 'refused by the Content-Security-Policy').toEqual([])
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
