// Tasks of the main thread that take longer than a person's patience for a click: 50 ms.
import type { Page } from '@playwright/test'

type Watched = Window & { longTasks?: number[] }

/** Begins to listen; call before the page is opened. */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched: Watched = window
    const longTasks: number[] = []
    watched.longTasks = longTasks
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasks.push(Math.round(duration))
    }).observe({ type: 'longtask', buffered: true })
  })
}

/** Durations in ms since the last call, longest first. */
export async function takeLongTasks(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const watched: Watched = window
    return (watched.longTasks?.splice(0) ?? []).toSorted((a, b) => b - a)
  })
}
