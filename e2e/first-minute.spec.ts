// What a person does first: opens the page, presses "Train both", watches, presses once more; pauses, goes on.
import { ENDLESS, LabPage, linkTo, LONG_WORK_MS, TINY } from './lab-page.ts'
import { withPlainChromium } from './plain-chromium.ts'
import { expect, test } from './test.ts'

test('the first press trains a deep pair, of which only A learns; the second a shallow one, of which both do', async ({
  page,
}) => {
  const lab = new LabPage(page)
  await lab.open()
  await expect(page.getByText('Built-in (synthetic)').first()).toBeVisible()
  const expectation = page.getByRole('region', { name: 'What to expect' })
  await expect(expectation).toContainText('44 layers: expect A far ahead')

  await lab.button('Train both').click()
  await trained(lab)
  const deep = [await lab.score('A'), await lab.score('B')].map(Number)
  // Rounding differs from one kind of CPU to another, and with it how far B comes: over five seeds never as far as A.
  expect(deep[0]).toBeGreaterThan(50)
  expect(deep[0]).toBeGreaterThan(deep[1] ?? 100)

  await lab.button('At 8 layers it does not matter: train both').click()
  await expect(expectation).toContainText('8 layers: expect little difference')
  await expect(page.getByText('ResNet-8, 8 channels').first()).toBeVisible()
  await trained(lab)
  const shallow = [await lab.score('A'), await lab.score('B')].map(Number)
  console.log(`44 layers: A ${deep[0]} %, B ${deep[1]} %; 8 layers: A ${shallow[0]} %, B ${shallow[1]} %`)
  expect(Math.min(...shallow)).toBeGreaterThan(50)
})

/** Waits for the end of a session that trains for long: from the press on, none can be begun until then. */
async function trained(lab: LabPage): Promise<void> {
  await expect(lab.button('Train both')).toBeEnabled({ timeout: LONG_WORK_MS })
  await expect(lab.state()).toHaveText('Finished')
}

test('a press before the engine is there is kept, and trains once it is; pause stops steps, step takes one, and resume goes on', async ({
  page,
}) => {
  // The CPU engine’s kernels come when this says so.
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => (release = resolve))
  await page.route('**/*.wasm', async (route) => {
    await released
    await route.continue()
  })
  await page.goto(`/?engine=cpu${linkTo(ENDLESS)}`)
  const lab = new LabPage(page)
  await lab.button('Train both').click()
  await expect(lab.button('Train both')).toBeDisabled()
  await expect(lab.state()).toHaveText('Starting')
  release()
  await lab.trainedTo(1)
  const paused = await lab.pause()

  // Were steps not stopped, more than one would have been taken by then.
  await lab.button('Step').click()
  await lab.trainedTo(paused + 1)
  await expect(lab.state()).toHaveText('Paused')
  expect(await lab.steps()).toBe(paused + 1)

  await lab.button('Resume').click()
  await lab.trainedTo(paused + 2)
  await lab.button('Stop').click()
  await expect(lab.state()).toHaveText('Stopped')
})

test('a run that was paused goes on to its end, and can be continued', async ({ page }) => {
  const lab = new LabPage(page)
  // 3 epochs of 16 steps.
  const data = { ...TINY.data, limitTrain: 256 }
  await lab.open({ ...TINY, data, budget: { unit: 'epoch', amount: 3 } })
  await lab.button('Step').click()
  await lab.trainedTo(1)
  await expect(lab.state()).toHaveText('Paused')
  await lab.button('Resume').click()
  await lab.finished(48)

  await page.getByRole('textbox', { name: 'More epochs' }).fill('1')
  await lab.button('Continue for 1 more epoch').click()
  await lab.finished(64)
})

test('a Chromium as it comes trains on the CPU engine, which the badge names, and goes on while the tab is hidden', async ({
  baseURL,
}) => {
  await withPlainChromium(async (context) => {
    const page = await context.newPage()
    const lab = new LabPage(page, baseURL)
    await lab.open(TINY)
    await expect(page.getByRole('button', { name: /^Engine: CPU · \d+ threads?$/ })).toBeVisible()
    await lab.button('Train both').click()
    await lab.finished(2)
    expect(await lab.score('A')).not.toBeNull()
    expect(await lab.score('B')).not.toBeNull()

    // An address that differs by its fragment alone is no other page.
    await page.goto('about:blank')
    await lab.open(ENDLESS)
    await lab.button('Train A only').click()
    // More than the session before had, which the page shows until then.
    await lab.trainedTo(3)

    const visibility = () => page.evaluate(() => document.visibilityState)
    expect(await visibility()).toBe('visible')
    const other = await context.newPage()
    await other.bringToFront()
    await expect.poll(visibility).toBe('hidden')
    // Several reports of steps: the first may be of those that were taken in sight.
    for (let reports = 0; reports < 3; reports++) await lab.trainedTo((await lab.steps()) + 1)
    expect(await visibility()).toBe('hidden')

    await page.bringToFront()
    await expect.poll(visibility).toBe('visible')
    await lab.button('Stop').click()
    await expect(lab.state()).toHaveText('Stopped')
  })
})
