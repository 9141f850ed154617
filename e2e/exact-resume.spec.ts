// What a run survives: a reload in mid-training, a crash of the GPU process, a second tab. It has the same weights as one
// that was not interrupted. Sessions here do not end by themselves: they are paused somewhere, and another trains as far.
import { readFile } from 'node:fs/promises'
import { type Browser, expect, type Page, test } from '@playwright/test'
import type { RunConfig } from '../src/config/run-config.ts'
import { LabPage, TINY } from './lab-page.ts'
import { valuesIn } from './weights.ts'

const MINUTE = 60_000

/** Epochs of 16 steps. */
const SETUP: RunConfig = {
  ...TINY,
  data: { ...TINY.data, limitTrain: 256 },
  budget: { unit: 'epoch', amount: 1_000_000 },
}

const until = (steps: number): RunConfig => ({ ...SETUP, budget: { unit: 'iteration', amount: steps } })

test('a run that is reloaded in mid-training has the weights of one that was not; no two tabs train it', async ({
  page,
  context,
}) => {
  test.setTimeout(12 * MINUTE)
  const lab = new LabPage(page)
  await lab.open(SETUP)
  await lab.button('Train both').click()
  await expect.poll(() => lab.steps(), { timeout: 2 * MINUTE }).toBeGreaterThanOrEqual(18)
  await page.reload()
  await expect(lab.state()).toHaveText('Paused', { timeout: MINUTE })
  const kept = await lab.steps()
  expect(kept).toBeGreaterThanOrEqual(16)
  await expect(lab.column('A')).toContainText(/epoch [1-9]/)

  await test.step('another tab has the same run before it, and is refused once the first goes on with it', async () => {
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
  })

  await expect.poll(() => lab.steps(), { timeout: MINUTE }).toBeGreaterThan(kept)
  const steps = await lab.pause()
  expect(steps).toBeGreaterThan(kept)
  const interrupted = await weights(lab)
  await lab.button('Stop').click()
  await expect(lab.state()).toHaveText('Stopped')
  await trainStraight(lab, steps)
  expect(await weights(lab)).toEqual(interrupted)

  await test.step('a second tab, while the first has the session', async () => {
    const other = new LabPage(await context.newPage())
    await other.open(SETUP)
    // The runs of the first tab's session are its own; what is shown here is the session before it.
    await expect(other.state()).toHaveText('Paused', { timeout: MINUTE })
    expect(await weights(other)).toEqual(interrupted)
    await other.page.close()
  })
})

test('a run that loses its GPU in mid-training has the weights of one that did not', async ({
  page,
  browser,
}) => {
  test.setTimeout(12 * MINUTE)
  const lab = new LabPage(page)
  await lab.open(SETUP, 'webgpu')
  await lab.button('Train both').click()
  await expect.poll(() => lab.steps(), { timeout: 4 * MINUTE }).toBeGreaterThanOrEqual(18)
  await crashGpuProcess(browser)
  await expect(lostNotice(page).first()).toBeVisible({ timeout: MINUTE })
  const [, checkpoint] = LOST.exec(await lostNotice(page).first().innerText()) ?? []
  expect(Number(checkpoint)).toBeGreaterThanOrEqual(16)
  await expect.poll(() => lab.steps(), { timeout: 2 * MINUTE }).toBeGreaterThan(Number(checkpoint))
  const steps = await lab.pause()
  const interrupted = await weights(lab)
  await lab.button('Stop').click()
  await expect(lab.state()).toHaveText('Stopped')
  await trainStraight(lab, steps, 'webgpu')
  expect(await weights(lab)).toEqual(interrupted)
})

/** As many steps as given, in one go. */
async function trainStraight(lab: LabPage, steps: number, engine: 'webgpu' | null = null): Promise<void> {
  // An address that differs by its fragment alone is no other page.
  await lab.page.goto('about:blank')
  await lab.open(until(steps), engine)
  await lab.button('Train both').click()
  await lab.finished(steps)
}

async function crashGpuProcess(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession()
  // The answer is lost with the process.
  await session.send('Browser.crashGpuProcess').catch(() => undefined)
}

const LOST = /^The graphics device was lost\. .* from the checkpoint of step (\d+)\.$/
const lostNotice = (page: Page) => page.getByText(LOST)

async function weights(lab: LabPage): Promise<Record<'a' | 'b', Buffer>> {
  const read = async (button: string) => valuesIn(await readFile(await lab.download(button)))
  return { a: await read('Export weights A'), b: await read('Export weights B') }
}
