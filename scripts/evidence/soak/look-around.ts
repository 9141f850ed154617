// What somebody does who looks at a page that trains: views, tabs, charts, the table of runs.
import type { Page } from '@playwright/test'

const PATIENCE = { timeout: 20_000 }

/** One round of it. */
export async function lookAround(page: Page): Promise<void> {
  const views = page.getByRole('navigation', { name: 'Views' }).getByRole('button')
  for (const view of await views.all()) {
    await view.click(PATIENCE)
    for (const tab of await page.getByRole('tab').all()) await tab.click(PATIENCE)
    for (const chart of (await page.locator('svg.recharts-surface').all()).slice(0, 3))
      await hoverOver(page, chart)
    for (const column of (await page.getByRole('columnheader').getByRole('button').all()).slice(0, 3)) {
      await column.click(PATIENCE).catch(() => undefined)
    }
  }
  await views.first().click(PATIENCE)
}

async function hoverOver(page: Page, chart: ReturnType<Page['locator']>): Promise<void> {
  const box = await chart.boundingBox()
  if (!box) return
  for (const share of [0.2, 0.5, 0.8])
    await page.mouse.move(box.x + share * box.width, box.y + box.height / 2)
}
