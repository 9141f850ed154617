// The table of runs: what was trained is found again, named, pinned, deleted and taken back.
import { LabPage, TINY } from './lab-page.ts'
import { expect, test } from './test.ts'
import { violationsOf } from './violations-of.ts'

test('a pair is in the table after a reload: it is renamed, pinned, deleted with undo, and opened again', async ({
  page,
}) => {
  const lab = new LabPage(page)
  await lab.open(TINY)
  await lab.button('Train both').click()
  await lab.finished(2)
  const [scoreA, scoreB] = [await lab.score('A'), await lab.score('B')]
  const views = page.getByRole('navigation', { name: 'Views' })
  await views.getByRole('button', { name: /^Runs/ }).click()
  await page.reload()

  const table = page.getByRole('table', { name: 'Runs' })
  const row = (identity: 'A with' | 'B without') => table.getByRole('row').filter({ hasText: identity })
  await expect(row('A with')).toContainText('2 of 2')
  await expect(row('A with')).toContainText(`${scoreA?.toFixed(2)}`)
  await expect(row('B without')).toContainText('40 synthetic')
  await expect(table.getByRole('columnheader', { name: 'Learning rate' })).toHaveCount(0)

  const choose = async (identity: 'A with' | 'B without', command: string) => {
    await row(identity)
      .getByRole('button', { name: /^Actions for/ })
      .focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: command }).click()
  }
  await choose('B without', 'Rename')
  const name = page.getByRole('textbox', { name: 'Name' })
  await expect(name).toBeFocused()
  await page.keyboard.type('Plain')
  await page.keyboard.press('Enter')
  await expect(row('B without').getByRole('button', { name: /^Plain/ })).toBeFocused()

  await choose('B without', 'Pin as baseline')
  await page.reload()
  await expect(table.getByRole('row').nth(1)).toContainText('baseline')
  await expect(table.getByRole('row').nth(1)).toContainText('Plain')
  const points = ((scoreA ?? 0) - (scoreB ?? 0)).toFixed(2).replace('-', '−')
  await expect(row('A with')).toContainText(points)
  expect(await violationsOf(page)).toEqual([])

  await page.getByRole('checkbox', { name: 'Select all runs shown' }).focus()
  await page.keyboard.press('Space')
  await test.step('compare both', async () => {
    await lab.button('Compare selected…').click()
    const dialog = page.getByRole('dialog', { name: 'Compare runs' })
    const accuracies = dialog.getByRole('row', { name: /^Test accuracy after epoch 1/ })
    await expect(accuracies).toContainText(`${scoreA?.toFixed(2)}`)
    await expect(accuracies).toContainText(`${scoreB?.toFixed(2)}`)
    await expect(dialog.getByText(/McNemar|stored predictions|Not enough data/)).toBeVisible()
    expect((await lab.picture('loss', 'SVG')).toString()).toContain('Plain')
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
  })
  await lab.button('Delete selected').click()
  await expect(page.getByText('No runs yet.')).toBeVisible()
  await expect(lab.button('Undo')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(table.getByRole('row')).toHaveCount(3)

  await choose('B without', 'Open in Run')
  await expect(lab.state()).toHaveText('Finished')
  expect(await lab.score('B')).toBe(scoreB)
})
