// What a run survives: a reload in mid-epoch, a crash of the GPU process, a second tab. It ends with the same weights.
import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { LabPage, TINY } from './lab-page.ts'

const MINUTE = 60_000

/** 3 epochs of 16 steps: long enough to do something in the second one. */
const SETUP = {
  ...TINY,
  data: { ...TINY.data, limitTrain: 256 },
  budget: { unit: 'epoch', amount: 3 },
} as const

test('a run that is reloaded in mid-epoch, or loses its GPU, ends with the weights of one that was not; no two tabs train it', async ({
  page,
  context,
  browser,
}) => {
  test.setTimeout(12 * MINUTE)
  const lab = new LabPage(page)
  await lab.open(SETUP)
  await lab.button('Train both').click()
  await expect(lab.state()).toHaveText('Finished', { timeout: 4 * MINUTE })
  const uninterrupted = await weights(lab)

  await test.step('reload in mid-epoch', async () => {
    await lab.button('Train both').click()
    await expect.poll(() => lab.steps(), { timeout: MINUTE, intervals: [100] }).toBeGreaterThanOrEqual(18)
    expect(await lab.steps()).toBeLessThan(48)
    await page.reload()
    await expect(lab.state()).toHaveText('Paused', { timeout: MINUTE })
    const kept = await lab.steps()
    expect(kept).toBeGreaterThanOrEqual(16)
    expect(kept).toBeLessThan(48)
    await expect(lab.column('A')).toContainText('epoch 1')

    // Another tab has the same run before it, and is refused once the first goes on with it.
    const other = new LabPage(await context.newPage())
    await other.open(SETUP)
    await expect(other.state()).toHaveText('Paused', { timeout: MINUTE })
    await lab.button('Resume').click()
    await expect(lab.state()).toHaveText('Training', { timeout: MINUTE })
    await other.button('Resume').click()
    await expect(other.page.getByText(/ is open in another tab of this browser, which last/)).toBeVisible()
    await other.page.getByRole('button', { name: /^Runs/ }).click()
    await expect(
      other.page.getByRole('table', { name: 'Runs' }).getByText('in another tab').first(),
    ).toBeVisible()
    await other.page.close()

    await expect(lab.state()).toHaveText('Finished', { timeout: 4 * MINUTE })
    expect(await lab.steps()).toBe(48)
    expect(await weights(lab)).toEqual(uninterrupted)
  })

  await test.step('a second tab, while the first has the session', async () => {
    const other = new LabPage(await context.newPage())
    await other.open(SETUP)
    await expect(other.state()).toHaveText('Finished', { timeout: MINUTE })
    // The runs of the first tab's session are its own; what is shown here is the session before it.
    expect(await weights(other)).toEqual(uninterrupted)
    await other.page.close()
  })

  await test.step('the GPU process crashes in mid-epoch', async () => {
    await lab.button('Train both').click()
    await expect.poll(() => lab.steps(), { timeout: MINUTE, intervals: [100] }).toBeGreaterThanOrEqual(18)
    const session = await browser.newBrowserCDPSession()
    // The answer is lost with the process.
    await session.send('Browser.crashGpuProcess').catch(() => undefined)
    await expect(lostNotice(page).first()).toBeVisible({ timeout: MINUTE })
    await expect(lab.state()).toHaveText('Finished', { timeout: 5 * MINUTE })
    expect(await lab.steps()).toBe(48)
    expect(await weights(lab)).toEqual(uninterrupted)
  })
})

const lostNotice = (page: Page) =>
  page.getByText(/^The graphics device was lost\. .* from the checkpoint of step \d+\.$/)

async function weights(lab: LabPage): Promise<Record<'a' | 'b', Buffer>> {
  const read = async (button: string) => readFile(await lab.download(button))
  return { a: await read('Export weights A'), b: await read('Export weights B') }
}
