// What goes wrong on the way in: each time one sentence that says what to do, and nothing half-stored.
import { gzipSync } from 'node:zlib'
import { expect, type Page, test } from '@playwright/test'
import { startArchiveHost, type ArchiveHost, type HostBehaviour } from './archive-host.ts'
import { LabPage } from './lab-page.ts'

let host: ArchiveHost

test.beforeAll(async () => {
  host = await startArchiveHost()
})
test.afterAll(() => host.close())

const alerts = (page: Page) => page.getByRole('alert')

async function failingDownload(page: Page, behaviour: HostBehaviour): Promise<string> {
  host.behave(behaviour)
  const lab = new LabPage(page)
  await lab.open()
  // CIFAR-100: the other journeys' archive of CIFAR-10 may be in the server's cache.
  await lab.button('Get CIFAR-100').click()
  await expect(alerts(page).first()).toBeVisible({ timeout: 60_000 })
  return alerts(page).first().getByRole('paragraph').first().innerText()
}

test.describe('a download that fails says what was found and what to do', () => {
  test('404', async ({ page }) => {
    const sentence = await failingDownload(page, { kind: 'status', status: 404 })
    expect(sentence).toContain('404')
    expect(sentence).toMatch(/drop|mirror|address/i)
  })

  test('403', async ({ page }) => {
    expect(await failingDownload(page, { kind: 'status', status: 403 })).toContain('403')
  })

  test('a web page in place of the archive', async ({ page }) => {
    const sentence = await failingDownload(page, { kind: 'html' })
    expect(sentence).toContain('cifar-100-binary.tar.gz')
    await page.reload()
    await expect(page.getByRole('button', { name: 'Get CIFAR-100' })).toBeVisible({ timeout: 60_000 })
  })
})

test('dropped files that are no data set are refused by name, and the built-in images stay', async ({
  page,
}) => {
  const lab = new LabPage(page)
  await lab.open()
  const cases = [
    { name: 'notes.bin', buffer: Buffer.from('not images') },
    { name: 'cifar-10-binary.tar.gz', buffer: Buffer.from('<!doctype html><title>Log in</title>') },
    { name: 'cifar-10-binary.tar.gz', buffer: gzipSync(Buffer.alloc(4096, 7)).subarray(0, 20) },
    { name: 'data_batch_1.bin', buffer: Buffer.alloc(3073, 11) },
  ]
  for (const file of cases) {
    await lab.chooseFiles('Choose files…', { ...file, mimeType: '' })
    const alert = alerts(page).filter({ has: page.getByRole('button', { name: 'Dismiss' }) })
    await expect(alert).toBeVisible({ timeout: 60_000 })
    const sentence = await alert.getByRole('paragraph').first().innerText()
    expect(sentence, file.name).toMatch(/\.(bin|gz)\b/)
    expect(sentence.split('\n')).toHaveLength(1)
    await alert.getByRole('button', { name: 'Dismiss' }).click()
  }
  await expect(lab.button('Get CIFAR-10')).toBeVisible()
  await expect(lab.button('Train both')).toBeEnabled()
})

test.describe('a link edited by hand', () => {
  test('that cannot be decoded leaves the default set-up, and says so', async ({ page }) => {
    await page.goto('/#config=%%%')
    await expect(alerts(page).first()).toContainText('link')
    await expect(page.getByRole('button', { name: 'Train both', exact: true })).toBeEnabled({
      timeout: 60_000,
    })
  })

  test('that asks for the impossible names the field', async ({ page }) => {
    const config = Buffer.from(JSON.stringify({ version: 1, batchSize: -3 })).toString('base64url')
    await page.goto(`/#config=${config}`)
    await expect(alerts(page).first()).toContainText(/not valid at \w+/)
    await expect(page.getByRole('button', { name: 'Train both', exact: true })).toBeEnabled({
      timeout: 60_000,
    })
  })
})
