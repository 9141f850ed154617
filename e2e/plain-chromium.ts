// A Chromium as a person has it: without the flags for WebGPU, and with tabs that are hidden behind others.
import { type BrowserContext, chromium } from '@playwright/test'
import { serve } from '../scripts/testing/local-server.ts'
import { chromiumPath, QUIET_ARGUMENTS } from './chromium.ts'
import { expectNone, watchPages } from './test.ts'

/** Gives its window, whose tabs hide one another, to `work`, and closes it after that. */
export async function withPlainChromium(work: (context: BrowserContext) => Promise<void>): Promise<void> {
  const port = await freePort()
  const launched = await chromium.launch({
    executablePath: chromiumPath(),
    args: [...QUIET_ARGUMENTS, `--remote-debugging-port=${port}`],
  })
  try {
    // Joined without Playwright's defaults, which tell every tab that it is in sight.
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true })
    const [context] = browser.contexts()
    if (!context) throw new Error('the browser has no window')
    const violations = watchPages(context)
    await work(context)
    await expectNone(violations)
  } finally {
    await launched.close()
  }
}

async function freePort(): Promise<number> {
  await using server = await serve((_, response) => response.end())
  return Number(new URL(server.base).port)
}
