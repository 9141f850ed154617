// Memory of the page's processes, read from the operating system: what the worker really takes, not what JavaScript admits.
import { readFile } from 'node:fs/promises'
import { type Browser, expect } from '@playwright/test'

/** Resident private memory of all renderer processes, in MB (10⁶ bytes); null where /proc is not to be had. */
async function rendererMegabytes(browser: Browser): Promise<number | null> {
  if (process.platform !== 'linux') return null
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const sizes = await Promise.all(
    processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => residentBytes(id)),
  )
  return sizes.reduce((sum, size) => sum + size, 0) / 1e6
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
}

/** Resolves once memory has stopped changing by more than a megabyte between samples. */
export async function memoryAtRest(browser: Browser): Promise<void> {
  let before = Number.POSITIVE_INFINITY
  let calm = 0
  await expect
    .poll(
      async () => {
        const now = (await rendererMegabytes(browser)) ?? 0
        calm = Math.abs(now - before) < 1 ? calm + 1 : 0
        before = now
        return calm
      },
      { timeout: 120_000, intervals: [500] },
    )
    .toBeGreaterThanOrEqual(4)
}

/** Samples memory until stopped; gives the highest sample above the first. */
export async function watchMemory(browser: Browser) {
  const baseline = await rendererMegabytes(browser)
  let peak = baseline ?? 0
  const watch = { stopped: false }
  const watched = (async () => {
    while (!watch.stopped) {
      peak = Math.max(peak, (await rendererMegabytes(browser)) ?? 0)
      await new Promise((resolve) => {
        setTimeout(resolve, 50)
      })
    }
  })()
  return {
    async stop(): Promise<{ baseline: number; peak: number } | null> {
      watch.stopped = true
      await watched
      return baseline === null ? null : { baseline, peak }
    },
  }
}
