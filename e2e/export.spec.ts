// Weights and metrics leave the page, and weights come back to be scored.
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { readEvents } from '../src/testing/transfer/read-events.ts'
import { LabPage, TINY } from './lab-page.ts'
import { expect, test } from './test.ts'

/** As any other program would find it that reads the file as XML. */
function isWellFormed(page: Page, documents: readonly string[]): Promise<boolean> {
  return page.evaluate(
    (texts) =>
      texts.every((text) => {
        const parsed = new DOMParser().parseFromString(text, 'image/svg+xml')
        return parsed.documentElement.tagName === 'svg' && !parsed.querySelector('parsererror')
      }),
    documents,
  )
}

test('exported weights score on import what the run scored; features leave as PNG, metrics as CSV, JSON and events', async ({
  page,
}) => {
  const lab = new LabPage(page)
  await lab.open(TINY)
  await lab.button('Train both').click()
  await lab.finished(2)
  const scoreB = await lab.score('B')
  expect(scoreB).not.toBeNull()

  const weights = await lab.download('Export weights B')
  await page.getByLabel('Test imported weights on Built-in (synthetic)').fill('40')
  await lab.chooseFiles('Import weights…', {
    name: 'mine.safetensors',
    mimeType: '',
    buffer: await readFile(weights),
  })
  const score = page.getByRole('listitem').filter({ hasText: 'mine.safetensors' })
  await expect(score).toContainText(`${scoreB?.toFixed(2)}`)
  await expect(score).toContainText('without identity')

  await page.getByRole('tab', { name: 'Features' }).click()
  await lab.button('Rank images by B’s features').click()
  await page.getByRole('img', { name: /^Feature 0:/ }).hover({ position: { x: 4, y: 4 } })
  await expect(page.getByText(/^Feature 0: test image \d+, .*, activation /)).toBeVisible()
  const picture = await readFile(await lab.download('Save all as PNG'))
  expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([640, 16 * 32])

  // A file is read on paper: its colours are the light ones.
  await page.emulateMedia({ colorScheme: 'dark' })
  const chart = (await lab.picture('accuracy', 'SVG')).toString()
  expect(chart).toContain(`${scoreB?.toFixed(2)}`)
  expect(chart).toContain('Measured on synthetic images.')
  const pixels = await lab.picture('accuracy', 'PNG')
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(chart) ?? []
  expect([pixels.readUInt32BE(16), pixels.readUInt32BE(20)]).toEqual([2 * Number(width), 2 * Number(height)])
  await page.getByRole('tab', { name: 'Confusion' }).click()
  const matrix = (await lab.picture('confusion matrix', 'SVG')).toString()
  expect(matrix).toMatch(/^<svg .*<rect [^>]*fill="rgb\(255, 255, 255\)"/s)
  expect(await isWellFormed(page, [chart, matrix])).toBe(true)

  const events = await readFile(await lab.download('TensorBoard events A'))
  const tags = new Set(readEvents(events).flatMap(({ scalars }) => Object.keys(scalars)))
  expect(tags).toContain('train/loss')
  expect(tags).toContain('test/accuracy')

  const csv = await readFile(await lab.download('Steps as CSV'), 'utf8')
  expect(csv.split('\n').filter((line) => line.trim() !== '').length).toBeGreaterThan(2 * 2)
  const json: unknown = JSON.parse(await readFile(await lab.download('Metrics as JSON'), 'utf8'))
  expect(JSON.stringify(json)).toContain('"seed":1')

  const runs = await readFile(await lab.download('Both runs as zip'))
  await lab.chooseFiles('Import runs…', { name: 'mine.zip', mimeType: '', buffer: runs })
  await expect(page.getByRole('button', { name: 'Runs 4' })).toBeVisible()
  expect(await lab.score('B')).toBe(scoreB)
  await expect(lab.state()).toHaveText('Finished')
  await lab.chooseFiles('Import runs…', { name: 'not.zip', mimeType: '', buffer: Buffer.from('<html>') })
  await expect(page.getByText(/^not\.zip is not a whole run of this lab: /).first()).toBeVisible()
})

test('networks of two other families leave in their authors’ names, and score on import what their runs scored', async ({
  page,
}) => {
  const lab = new LabPage(page)
  await lab.open(TINY)
  const families = [
    // Of one the budget is in epochs, of the other in steps.
    { preset: '14 layers', blocks: 2, module: 'resLayer3.1.batchNorm3', steps: 4 },
    { preset: 'ResNet-20', blocks: 1, module: 'block3.0.bn2', steps: 2 },
  ]
  for (const { preset, blocks, module, steps } of families) {
    await page.getByRole('button', { name: /Preset$/ }).click()
    await page.getByRole('option', { name: preset, exact: true }).click()
    await lab.type({ 'Blocks per stage': blocks, Width: 4, 'Train for': 2, 'Batch size': 16 })
    await lab.button('Train A only').click()
    await lab.finished(steps)
    const score = await lab.score('A')
    expect(score).not.toBeNull()

    const weights = await readFile(await lab.download('Export weights A'))
    expect(weights.toString('latin1')).toContain(`"${module}.running_mean"`)
    const name = `${module}.safetensors`
    await page.getByLabel('Test imported weights on Built-in (synthetic)').fill('40')
    await lab.chooseFiles('Import weights…', { name, mimeType: '', buffer: weights })
    await expect(page.getByRole('listitem').filter({ hasText: name })).toContainText(`${score?.toFixed(2)}`)
  }

  await lab.button('About this system').click()
  const about = page.getByRole('dialog', { name: 'drgripa1' })
  await expect(about.getByRole('row', { name: /ResNet-20 with 8\.586 ± 0\.120/ })).toBeVisible()
  await expect(
    about.getByRole('row', { name: /n = 1, this visit; 1 of 1 epochs of 32 images/ }),
  ).toBeVisible()
})

test.describe('a file that is not what it should be is refused in one sentence, and the scores before it stay', () => {
  async function importFile(lab: LabPage, name: string, buffer: Buffer): Promise<string> {
    await lab.chooseFiles('Import weights…', { name, mimeType: '', buffer })
    const alert = lab.page.getByRole('alert').filter({ hasText: name })
    await expect(alert).toBeVisible()
    const sentence = await alert.getByRole('paragraph').first().innerText()
    await alert.getByRole('button', { name: 'Dismiss' }).click()
    return sentence
  }

  test('a lying header, another architecture, a NaN', async ({ page }) => {
    const lab = new LabPage(page)
    await lab.open(TINY)
    await lab.button('Step').click()
    await lab.trainedTo(1)
    await expect(lab.state()).toHaveText('Paused')
    const file = await readFile(await lab.download('Export weights A'))

    const lying = Buffer.from(file)
    lying.writeBigUInt64LE(BigInt(file.length * 2))
    expect(await importFile(lab, 'lying.safetensors', lying)).toContain('header')

    const poisoned = Buffer.from(file)
    poisoned.writeFloatLE(Number.NaN, file.length - 4)
    expect(await importFile(lab, 'poisoned.safetensors', poisoned)).toContain('NaN')

    const short = file.subarray(0, file.length - 10)
    expect(await importFile(lab, 'short.safetensors', short)).toContain('short.safetensors')

    // The same tensors under the config of a network whose first stage is wider.
    const wider = Buffer.from(
      file.toString('latin1').replace(String.raw`\"channels\":4}`, String.raw`\"channels\":5}`),
      'latin1',
    )
    expect(await importFile(lab, 'wider.safetensors', wider)).toContain('conv1.weight')
  })
})
