// Which engine trains: as the machine has it, as the address and the menu ask, and from run to run.
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { ENDLESS, LabPage, OPEN_ENGINE, TINY } from './lab-page.ts'

const MINUTE = 60_000
const badge = (page: Page) => page.getByRole('button', { name: /^Engine:/ })

for (const [engine, text] of [
  ['webgpu', /^WebGPU · /],
  ['cpu', /^CPU · \d+ threads?$/],
  ['tfjs', /^TensorFlow\.js on WebGPU · /],
] as const) {
  test(`with ?engine=${engine} the page trains on it`, async ({ page }) => {
    const lab = new LabPage(page)
    await lab.open(TINY, engine)
    await expect(page.getByText(text)).toBeVisible()
    await lab.button('Train A only').click()
    await expect(page.getByText(/step [1-9]\d* of/).first()).toBeVisible({ timeout: 2 * MINUTE })
  })
}

test('an engine that does not exist is answered with those that do, and the page works on', async ({
  page,
}) => {
  await page.goto('/?engine=torch')
  await expect(
    page.getByText('There is no engine called "torch"; choose auto, webgpu, cpu or tfjs.'),
  ).toBeVisible()
  await expect(page.getByText(OPEN_ENGINE)).toBeVisible({ timeout: MINUTE })
})

test('an engine is chosen by keyboard, takes effect at once, replaces the address’s, and is remembered', async ({
  page,
}) => {
  await new LabPage(page).open(null, 'webgpu')
  await badge(page).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('option', { name: 'WebGPU' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(badge(page)).toHaveText(/CPU · \d+ threads?/, { timeout: MINUTE })
  await expect(page.getByText('Chosen in this browser.')).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  expect(new URL(page.url()).search).toBe('')
  await page.keyboard.press('Escape')
  await expect(badge(page)).toBeFocused()
  await page.reload()
  await expect(badge(page)).toHaveText(/CPU · \d+ threads?/, { timeout: MINUTE })
})

test('the threads of the CPU engine are chosen in the menu', async ({ page }) => {
  await new LabPage(page).open(null, 'cpu')
  await badge(page).click()
  await page.getByRole('button', { name: /CPU threads/ }).click()
  await page.getByRole('option', { name: '3 threads', exact: true }).click()
  await expect(badge(page)).toHaveText(/CPU · 3 threads/, { timeout: MINUTE })
})

test('while a session trains, another engine waits; a paused run goes on with it after a question', async ({
  page,
}) => {
  const lab = new LabPage(page)
  await lab.open(ENDLESS, 'webgpu')
  await lab.button('Train A only').click()
  await expect.poll(() => lab.steps(), { timeout: 2 * MINUTE }).toBeGreaterThan(0)
  await lab.button('Pause').click()
  await expect(lab.state()).toHaveText('Paused')
  await badge(page).click()
  await page.getByRole('option', { name: /^CPU/ }).click()
  await expect(
    page.getByText(/^Takes effect in the next session; the current one stays on WebGPU\.$/),
  ).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(badge(page)).toHaveText(/WebGPU · /)

  await page.reload()
  await expect(badge(page)).toHaveText(/CPU · /, { timeout: MINUTE })
  await expect.poll(() => lab.steps()).toBeGreaterThan(0)
  const before = await lab.steps()
  await lab.button('Resume').click()
  const question = page.getByRole('alertdialog', { name: 'Continue with another engine?' })
  await expect(question).toContainText(
    'This run was trained with WebGPU; continuing with the CPU engine changes its last digits from here on.',
  )
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(lab.state()).toHaveText('Paused')

  await lab.button('Resume').click()
  await question.getByRole('button', { name: 'Continue' }).click()
  await expect.poll(() => lab.steps(), { timeout: 2 * MINUTE }).toBeGreaterThan(before)
  await page.getByRole('tab', { name: 'Log' }).click()
  await expect(page.getByText(/Up to step \d+ this run was trained with WebGPU/).first()).toBeVisible()
  await lab.button('Stop').click()
})
