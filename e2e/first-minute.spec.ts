// What a person does first: opens the page, presses "Train both", watches, pauses, goes on.
import { expect, test } from '@playwright/test'
import { ENDLESS, LabPage, TINY } from './lab-page.ts'
import { takeLongTasks, watchLongTasks } from './long-tasks.ts'
import { withPlainChromium } from './plain-chromium.ts'

const MINUTE = 60_000

test('from the first click, both networks learn the built-in images to at least 50 %', async ({ page }) => {
  test.setTimeout(12 * MINUTE)
  const lab = new LabPage(page)
  await watchLongTasks(page)
  await lab.open()
  await expect(page.getByText('Built-in (synthetic)').first()).toBeVisible()
  await expect(page.getByText(/^No graphics card, so training runs on the CPU engine\./)).toBeVisible()

  await lab.button('Train both').click()
  await expect(lab.state()).toHaveText('Training', { timeout: MINUTE })
  await takeLongTasks(page)
  const begun = Date.now()
  await expect
    .poll(async () => Math.min((await lab.score('A')) ?? 0, (await lab.score('B')) ?? 0), {
      timeout: 11 * MINUTE,
      intervals: [2000],
    })
    .toBeGreaterThanOrEqual(50)

  const seconds = Math.round((Date.now() - begun) / 1000)
  const longTasks = await takeLongTasks(page)
  console.log(
    `built-in pair after ${await lab.steps()} steps and ${seconds} s: A ${await lab.score('A')} %, B ${await lab.score('B')} %; ` +
      `main thread: ${longTasks.length} tasks over 50 ms${longTasks.length > 0 ? `, the longest ${longTasks[0]} ms` : ''}`,
  )
})

test('pause stops steps, step takes one, and resume goes on', async ({ page }) => {
  const lab = new LabPage(page)
  await lab.open(ENDLESS)
  await lab.button('Train both').click()
  await expect.poll(() => lab.steps(), { timeout: 2 * MINUTE }).toBeGreaterThanOrEqual(1)
  const paused = await lab.pause()

  // Were steps not stopped, more than one would have been taken by then.
  await lab.button('Step').click()
  await expect.poll(() => lab.steps(), { timeout: MINUTE }).toBeGreaterThan(paused)
  await expect(lab.state()).toHaveText('Paused', { timeout: MINUTE })
  expect(await lab.steps()).toBe(paused + 1)

  await lab.button('Resume').click()
  await expect.poll(() => lab.steps(), { timeout: MINUTE }).toBeGreaterThan(paused + 1)
  await lab.button('Stop').click()
  await expect(lab.state()).toHaveText('Stopped', { timeout: MINUTE })
})

test('a run that was paused goes on to its end, and can be continued', async ({ page }) => {
  const lab = new LabPage(page)
  // 3 epochs of 16 steps.
  const data = { ...TINY.data, limitTrain: 256 }
  await lab.open({ ...TINY, data, budget: { unit: 'epoch', amount: 3 } })
  await lab.button('Step').click()
  await expect.poll(() => lab.steps(), { timeout: 2 * MINUTE }).toBe(1)
  await expect(lab.state()).toHaveText('Paused', { timeout: 2 * MINUTE })
  await lab.button('Resume').click()
  await lab.finished(48)

  await page.getByRole('textbox', { name: 'More epochs' }).fill('1')
  await lab.button('Continue for 1 more epoch').click()
  await lab.finished(64)
})

test('a Chromium as it comes trains on the CPU engine, and the badge names it', async ({ baseURL }) => {
  await withPlainChromium(async (context) => {
    const page = await context.newPage()
    const lab = new LabPage(page, baseURL)
    await lab.open(TINY)
    await expect(page.getByRole('button', { name: /^Engine: CPU · \d+ threads?$/ })).toBeVisible()
    await lab.button('Train both').click()
    await lab.finished(2)
    expect(await lab.score('A')).not.toBeNull()
    expect(await lab.score('B')).not.toBeNull()
  })
})

test('training goes on while the tab is hidden', async ({ baseURL }) => {
  await withPlainChromium(async (context) => {
    const page = await context.newPage()
    const lab = new LabPage(page, baseURL)
    await lab.open(ENDLESS)
    await lab.button('Train A only').click()
    await expect.poll(() => lab.steps(), { timeout: 2 * MINUTE }).toBeGreaterThanOrEqual(1)

    const visibility = () => page.evaluate(() => document.visibilityState)
    expect(await visibility()).toBe('visible')
    const other = await context.newPage()
    await other.bringToFront()
    await expect.poll(visibility).toBe('hidden')
    const before = await lab.steps()
    // Several reports of steps: the first may be of those that were taken in sight.
    for (let seen = before, reports = 0; reports < 3; reports++) {
      await expect.poll(() => lab.steps(), { timeout: MINUTE }).toBeGreaterThan(seen)
      seen = await lab.steps()
    }
    expect(await visibility()).toBe('hidden')

    await page.bringToFront()
    await expect.poll(visibility).toBe('visible')
    await lab.button('Stop').click()
    await expect(lab.state()).toHaveText('Stopped', { timeout: MINUTE })
  })
})
