// The queue as a person works with it: over seeds and depths, by keyboard, past a reload.
import type { Page } from '@playwright/test'
import { ENDLESS, LabPage, TINY } from './lab-page.ts'
import { expect, test } from './test.ts'
import { violationsOf } from './violations-of.ts'

const queue = (page: Page) => page.getByRole('region', { name: 'Queue', exact: true })
const rows = (page: Page) => queue(page).getByRole('row')
const state = (page: Page) => queue(page).getByRole('status').first()

test('depths and seeds wait, are put in order by keyboard, survive a reload, and are trained one after another', async ({
  page,
}, info) => {
  const lab = new LabPage(page)
  await lab.open(TINY)
  await lab.button('Pause queue').click()
  await expect(state(page)).toHaveText('Queue paused · queue empty')
  await page.getByRole('textbox', { name: 'Seeds' }).fill('2')
  await page.getByRole('textbox', { name: 'Depths' }).fill('8, 9')
  await expect(queue(page)).toContainText('No network of this family has 9 layers. Try 8, 14, 20, 26')
  await page.getByRole('textbox', { name: 'Depths' }).fill('8, 14')
  await expect(queue(page)).toContainText('4 sessions of 2 runs: 8 and 14 layers, seeds 1 to 2.')
  await lab.button('Add to queue').click()
  await expect(state(page)).toHaveText('Queue paused · 4 queued')
  await expect(rows(page)).toHaveText([
    /^ResNet-8.*seed 1/,
    /^ResNet-14.*seed 1/,
    /ResNet-8.*seed 2/,
    /ResNet-14.*seed 2/,
  ])
  expect(await violationsOf(page)).toEqual([])

  const later = rows(page)
    .filter({ hasText: /ResNet-8.*seed 1/ })
    .getByRole('button', { name: /^Move down/ })
  await later.focus()
  await page.keyboard.press('Enter')
  await expect(rows(page).first()).toHaveText(/ResNet-14.*seed 1/)
  await expect(later).toBeFocused()
  await page.screenshot({ path: info.outputPath('queue.png') })
  await rows(page)
    .filter({ hasText: 'seed 2' })
    .first()
    .getByRole('button', { name: /^Cancel/ })
    .click()
  await expect(rows(page)).toHaveCount(3)
  await lab.button('Undo cancel').click()
  await expect(rows(page)).toHaveCount(4)
  for (const left of [3, 2]) {
    await rows(page)
      .filter({ hasText: 'ResNet-14' })
      .first()
      .getByRole('button', { name: /^Cancel/ })
      .click()
    await expect(rows(page)).toHaveCount(left)
  }

  await page.reload()
  await expect(state(page)).toHaveText('Queue paused · 2 queued')
  await expect(rows(page)).toHaveText([/seed 1/, /seed 2/])
  await expect(queue(page)).toContainText('time left unknown until a run has trained')

  await test.step('what was begun by hand ends first', async () => {
    // An address that differs by its fragment alone is no other page.
    await page.goto('about:blank')
    await lab.open(ENDLESS)
    await lab.button('Train A only').click()
    await lab.trainedTo(1)
    await lab.button('Resume queue').click()
    await expect(state(page)).toHaveText('2 queued · waiting for the current session')
    await lab.button('Stop').click()
  })
  await expect(state(page)).toHaveText('Queue empty')
  await lab.finished(2)
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Runs/ }).click()
  const trained = page.getByRole('table', { name: 'Runs' }).getByText('2 of 2', { exact: true })
  await expect(trained).toHaveCount(4)
})
