// The GPU process of the browser crashes in mid-training, as a driver's reset or a hung shader makes it.
import { expect, test } from '@playwright/test'
import { LabPage, TINY } from './lab-page.ts'

const MINUTE = 60_000

test('training goes on by itself after the GPU process has crashed, and the page says so', async ({
  page,
  browser,
}) => {
  const lab = new LabPage(page)
  await lab.open({ ...TINY, budget: { unit: 'epoch', amount: 8 } })
  await lab.button('Train both').click()
  await expect.poll(() => lab.steps(), { timeout: 3 * MINUTE }).toBeGreaterThanOrEqual(3)

  const session = await browser.newBrowserCDPSession()
  // The answer is lost with the process.
  await session.send('Browser.crashGpuProcess').catch(() => undefined)
  const notice = page.getByText(/^The graphics device was lost\. .* from the checkpoint of step \d+\.$/)
  await expect(notice.first()).toBeVisible({ timeout: MINUTE })
  await expect(lab.state()).toHaveText('Finished', { timeout: 5 * MINUTE })
  expect(await lab.steps()).toBe(16)
})
