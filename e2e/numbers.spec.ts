// Numbers as people of several countries type them: each is read as what it is, or stays and is explained.
import { readFile } from 'node:fs/promises'
import { parseRunConfig } from '../src/config/run-config.ts'
import { LabPage, TINY } from './lab-page.ts'
import { expect, test } from './test.ts'

const RATES = {
  'en-US': '0.001',
  'de-DE': '0,001',
  'fr-FR': '\u202f0,001',
  'hi-IN': '०.००१',
  'ar-EG': '٠٫٠٠١',
}

for (const [locale, rate] of Object.entries(RATES)) {
  test(`${locale}: a learning rate of ${rate}, and no guess at 1,000`, async ({ browser, baseURL }) => {
    const context = await browser.newContext({ locale })
    const page = await context.newPage()
    const lab = new LabPage(page, baseURL)
    await lab.open(TINY, 'tfjs')
    const box = page.getByRole('textbox', { name: 'Learning rate', exact: true })
    const leave = () => box.press('Tab')

    // Character by character: none on the way may end as another rate.
    await box.fill('')
    await box.pressSequentially(rate)
    await leave()
    await expect(box).toHaveValue('0.001')

    await box.fill('1,000')
    await leave()
    await expect(box).toHaveValue('1,000')
    await expect(page.getByText('“1,000” can be 1 or 1000. Enter the one you mean.')).toBeVisible()
    await expect(lab.button('Train both')).toBeDisabled()
    await expect(lab.button('Add to queue')).toBeDisabled()
    await expect(page.getByText('Correct “Learning rate” in the set-up').first()).toBeVisible()

    await box.fill('0,005')
    await leave()
    await expect(lab.button('Train both')).toBeEnabled()
    const saved = parseRunConfig(JSON.parse(await readFile(await lab.download('Save set-up'), 'utf8')), 'it')
    expect(saved.optimiser.learningRate).toBe(0.005)
    await context.close()
  })
}
