// What every journey begins with: Playwright's test, in whose browser pages are slower where the environment asks for it.
import { type BrowserContext, test as base } from '@playwright/test'

export { expect } from '@playwright/test'

/** How many times slower the main thread of a page runs: E2E_CPU_THROTTLE=4 shows which journeys bet on a speed. */
const CPU_THROTTLE = Number(process.env['E2E_CPU_THROTTLE'] ?? 1)

export const test = base.extend({
  context: async ({ context }, use) => {
    throttlePages(context)
    await use(context)
  },
})

/** Of a context that is not the test's own. */
export function throttlePages(context: BrowserContext): void {
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
