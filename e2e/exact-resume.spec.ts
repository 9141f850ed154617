// What a run survives: a reload in mid-training, a crash of the GPU process, a second tab. It has the same weights as one
// that was not interrupted. Sessions here do not end by themselves: they are paused somewhere, and another trains as far.
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from '@playwright/test'
import type { RunConfig } from '../src/config/run-config.ts'
import { endless, LabPage, SMALLEST, TINY } from './lab-page.ts'
import { valuesIn } from './weights.ts'
import { expect, test } from './test.ts'

/** Epochs of 16 steps, after each of which the runs are stored. */
const SETUP = endless({ ...TINY, data: { ...TINY.data, limitTrain: 256 } })
/** Epochs of 4 steps, of a network that is soon compiled. */
const ON_WEBGPU = endless({ ...SMALLEST, data: { ...TINY.data, limitTrain: 16 }, batchSize: 4 })

test('a run that is reloaded in mid-training has the weights of one that was not; no two tabs train it', async ({
  page,
  context,
}) => {
  const lab = new LabPage(page)
  await lab.open(SETUP)
  await lab.button('Train both').click()
  await lab.trainedTo(18)
  await page.reload()
  await expect(lab.state()).toHaveText('Paused')
  const kept = await lab.steps()
  expect(kept).toBeGreaterThanOrEqual(16)
  await expect(lab.column('A')).toContainText(/epoch [1-9]/)

  let steps = 0
  await test.step('another tab has the same run before it, and is refused once the first goes on with it', async () => {
    const other = new LabPage(await context.newPage())
    await other.open(SETUP)
    await expect(other.state()).toHaveText('Paused')
    await lab.button('Resume').click()
    await expect(lab.state()).toHaveText('Training')
    await other.button('Resume').click()
    await expect(other.page.getByText(/ is open in another tab of this browser, which last/)).toBeVisible()
    await lab.trainedTo(kept + 1)
    // Another run is to train as far as this one.
    steps = await lab.pause()
    await other.page.getByRole('button', { name: /^Runs/ }).click()
    await expect(
      other.page.getByRole('table', { name: 'Runs' }).getByText('in another tab').first(),
    ).toBeVisible()
    await other.page.close()
  })

  const interrupted = await weights(lab)
  await lab.button('Stop').click()
  await expect(lab.state()).toHaveText('Stopped')
  await trainStraight(lab, SETUP, steps)
  expect(await weights(lab)).toEqual(interrupted)

  await test.step('a second tab, while the first has the session', async () => {
    const other = new LabPage(await context.newPage())
    await other.open(SETUP)
    // The runs of the first tab's session are its own; what is shown here is the session before it.
    await expect(other.state()).toHaveText('Paused')
    expect(await weights(other)).toEqual(interrupted)
    await other.page.close()
  })
})

test('a run that loses its GPU in mid-training has the weights of one that did not', async ({
  page,
  browser,
}) => {
  const lab = new LabPage(page)
  await lab.open(ON_WEBGPU, 'webgpu')
  await lab.button('Train both').click()
  await lab.trainedTo(5)
  await crashGpuProcess(browser)
  await expect(lostNotice(page).first()).toBeVisible()
  const [, checkpoint] = LOST.exec(await lostNotice(page).first().innerText()) ?? []
  expect(Number(checkpoint)).toBeGreaterThanOrEqual(4)
  await lab.trainedTo(Number(checkpoint) + 1)
  const steps = await lab.pause()
  const interrupted = await weights(lab)
  await lab.button('Stop').click()
  await expect(lab.state()).toHaveText('Stopped')
  await trainStraight(lab, ON_WEBGPU, steps, 'webgpu')
  expect(await weights(lab)).toEqual(interrupted)
})

/** As many steps as given, in one go. */
async function trainStraight(
  lab: LabPage,
  setup: RunConfig,
  steps: number,
  engine: 'webgpu' | null = null,
): Promise<void> {
  // An address that differs by its fragment alone is no other page.
  await lab.page.goto('about:blank')
  await lab.open({ ...setup, budget: { unit: 'iteration', amount: steps } }, engine)
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
