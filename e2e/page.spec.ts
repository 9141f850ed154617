// The page as a thing to look at and to operate: sizes, themes, keyboard, assistive technology.
import { ENDLESS, LabPage } from './lab-page.ts'
import { expect, test } from './test.ts'
import { violationsOf } from './violations-of.ts'

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
]

test('at every size, light and dark, nothing overflows, and axe finds nothing', async ({ page }, info) => {
  await new LabPage(page).open()
  for (const viewport of SIZES) {
    await page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const name = `${viewport.width}×${viewport.height}, ${colorScheme}`
      await test.step(name, async () => {
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
        ).toBeLessThanOrEqual(0)
        expect(await violationsOf(page)).toEqual([])
        await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true })
      })
    }
  }
})

test('every tab of the Inspect zone passes axe', async ({ page }) => {
  await new LabPage(page).open()
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click()
    expect(await violationsOf(page), (await tab.textContent()) ?? '').toEqual([])
  }
})

test('a preset’s page and the architecture editor are reached by keyboard and pass axe', async ({ page }) => {
  const lab = new LabPage(page)
  await lab.open()
  await page.getByRole('button', { name: /Preset$/ }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: '26 layers, CIFAR-100' }).focus()
  await page.keyboard.press('Enter')
  const editor = page.getByText('Custom architecture')
  await editor.focus()
  await page.keyboard.press('Enter')
  await expect(lab.button('Add a stage')).toBeVisible()
  await lab.button('About this system').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'zhenye-na' })).toContainText('61.97 %')
  expect(await violationsOf(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(lab.button('About this system')).toBeFocused()
  expect(await violationsOf(page)).toEqual([])
})

test('"Train both" is reached and pressed by keyboard alone, with visible focus', async ({ page }) => {
  const lab = new LabPage(page)
  await lab.open(ENDLESS)
  const train = lab.button('Train both')
  for (let i = 0; i < 60 && !(await train.evaluate((element) => element === document.activeElement)); i++) {
    await page.keyboard.press('Tab')
  }
  await expect(train).toBeFocused()
  expect(await train.evaluate((element) => getComputedStyle(element).outlineStyle)).not.toBe('none')
  await page.keyboard.press('Enter')
  await lab.trainedTo(1)
  await lab.button('Stop').click()
})
