// Which engine trains: as the machine has it, as the address and the menu ask, and from run to run.
import type { Page } from '@playwright/test'
import { endless, LabPage, SMALLEST, TINY } from './lab-page.ts'
import { expect, test } from './test.ts'
import { violationsOf } from './violations-of.ts'

const badge = (page: Page) => page.getByRole('button', { name: /^Engine:/ })

test('with ?engine=tfjs the page trains on it', async ({ page }) => {
  const lab = new LabPage(page)
  await lab.open(SMALLEST, 'tfjs')
  await expect(page.getByText(/^TensorFlow\.js on WebGPU · /)).toBeVisible()
  await lab.button('Train A only').click()
  await lab.trainedTo(1)
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
  await expect(badge(page)).toHaveText(/CPU · \d+ threads?/)
  await expect(page.getByText('Chosen in this browser.')).toBeVisible()
  expect(await violationsOf(page)).toEqual([])
  expect(new URL(page.url()).search).toBe('')
  await page.keyboard.press('Escape')
  await expect(badge(page)).toBeFocused()
  await page.reload()
  await expect(badge(page)).toHaveText(/CPU · \d+ threads?/)
})

test('with ?engine=cpu the page trains on it, on as many threads as are chosen in the menu', async ({
  page,
}) => {
  const lab = new LabPage(page)
  await lab.open(TINY, 'cpu')
  await expect(badge(page)).toHaveText(/CPU · \d+ threads?$/)
  await badge(page).click()
  await page.getByRole('button', { name: /CPU threads/ }).click()
  await page.getByRole('option', { name: '3 threads', exact: true }).click()
  await expect(badge(page)).toHaveText(/CPU · 3 threads/)
  await page.keyboard.press('Escape')
  await lab.button('Train A only').click()
  await lab.trainedTo(1)
})

test('with ?engine=webgpu the page trains on it; another engine waits, and a paused run goes on with it after a question', async ({
  page,
}) => {
  const lab = new LabPage(page)
  await lab.open(endless(SMALLEST), 'webgpu')
  await expect(page.getByText(/^WebGPU · /)).toBeVisible()
  await lab.button('Train A only').click()
  await lab.trainedTo(1)
  await lab.pause()
  await badge(page).click()
  await page.getByRole('option', { name: /^CPU/ }).click()
  await expect(
    page.getByText(/^Takes effect in the next session; the current one stays on WebGPU\.$/),
  ).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(badge(page)).toHaveText(/WebGPU · /)

  await page.reload()
  await expect(badge(page)).toHaveText(/CPU · /)
  await lab.trainedTo(1)
  const before = await lab.steps()
  await lab.button('Resume').click()
  const question = page.getByRole('alertdialog', { name: 'Continue with another engine?' })
  await expect(question).toContainText(
    'This run was trained with WebGPU; continuing with the CPU engine changes its last digits from here on.',
  )
  expect(await violationsOf(page)).toEqual([])
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(lab.state()).toHaveText('Paused')

  await lab.button('Resume').click()
  await question.getByRole('button', { name: 'Continue' }).click()
  await lab.trainedTo(before + 1)
  await page.getByRole('tab', { name: 'Log' }).click()
  await expect(page.getByText(/Up to step \d+ this run was trained with WebGPU/).first()).toBeVisible()
  await lab.button('Stop').click()
})
