// The runs that this browser keeps, in their table: found again after a reload, named, measured against one, deleted
// and restored.
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { LabPage, TINY } from './lab-page.ts'

const MINUTE = 60_000
const A = 'ResNet-8, 4 channels, A with identity, seed 1'
const B = 'ResNet-8, 4 channels, B without identity, seed 1'

const rows = (page: Page) => page.getByRole('table', { name: 'Runs' }).locator('tbody').getByRole('row')

async function choose(page: Page, run: string, command: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${run}` }).click()
  await page.getByRole('menuitem', { name: command }).click()
}

async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).analyze()
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

test('a pair is in the table after a reload, with its name and the pinned baseline; deleted runs come back', async ({
  page,
}, info) => {
  test.setTimeout(5 * MINUTE)
  const lab = new LabPage(page)
  await lab.open(TINY)
  await lab.button('Train both').click()
  await expect(lab.state()).toHaveText('Finished', { timeout: 2 * MINUTE })
  const [scoreA = 0, scoreB = 0] = [await lab.score('A'), await lab.score('B')].map(Number)

  await lab.button('Runs 2').click()
  await expect(rows(page)).toHaveCount(2)
  await choose(page, A, 'Rename')
  await page.getByRole('textbox', { name: 'Name' }).fill('First pair')
  await page.keyboard.press('Enter')
  await choose(page, B, 'Pin as baseline')
  await page.getByRole('button', { name: B, exact: true }).click()
  await page.getByRole('textbox', { name: /^Notes/ }).fill('The slower one.')
  await page.keyboard.press('Escape')
  await expect(rows(page).first()).toContainText('The slower one.')

  await page.reload()
  await expect(rows(page)).toHaveCount(2, { timeout: MINUTE })
  const [baseline, other] = [rows(page).first(), rows(page).last()]
  await expect(baseline).toContainText(`baseline${'ResNet-8, 4 channels'}`)
  await expect(baseline).toContainText('The slower one.')
  await expect(baseline).toContainText('40 synthetic')
  await expect(other).toContainText('First pair')
  const difference = Math.abs(scoreA - scoreB).toFixed(2)
  const sign = scoreA === scoreB ? '' : scoreA > scoreB ? '+' : '−'
  await expect(other).toContainText(`${scoreA.toFixed(2)}${sign}${difference}\u202fpp`)
  expect(await violations(page)).toEqual([])

  await page.getByRole('textbox', { name: 'Find' }).fill('first')
  await expect(page.getByText('1 of 2 runs')).toBeVisible()
  await page.getByRole('textbox', { name: 'Find' }).fill('')

  await page.getByRole('checkbox', { name: 'Select all runs shown' }).press('Space')
  await lab.button('Delete selected').press('Enter')
  await expect(page.getByText('2 runs deleted')).toBeVisible()
  await expect(page.getByText('Recently deleted (2)')).toBeVisible()
  await expect(lab.button('Undo')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(rows(page)).toHaveCount(2)
  await page.screenshot({ path: info.outputPath('runs.png') })
})
