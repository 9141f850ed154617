// What goes wrong on the way in: each time one sentence that says what to do, and nothing half-stored.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from '@playwright/test'
import { packFiles } from '../src/testing/data/tiny-set.ts'
import { LabPage, OPEN_ENGINE } from './lab-page.ts'
import { expect, test } from './test.ts'

const alerts = (page: Page) => page.getByRole('alert')

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
    await expect(alert).toBeVisible()
    const sentence = await alert.getByRole('paragraph').first().innerText()
    expect(sentence, file.name).toMatch(/\.(bin|gz)\b/)
    expect(sentence.split('\n')).toHaveLength(1)
    await alert.getByRole('button', { name: 'Dismiss' }).click()
    await expect(alert).toBeHidden()
  }
  await expect(lab.button('Get CIFAR-10')).toBeVisible()
  await expect(lab.button('Train both')).toBeEnabled()
})

/** As a person drops a file or a folder from the desktop. */
async function drop(page: Page, path: string, beforeDrop = async () => {}): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [path], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    if (type === 'drop') await beforeDrop()
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 400, data })
  }
}

test('a dropped folder is walked; an archive of two gzip members is read; a file that is gone is named', async ({
  page,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'dropped-'))
  const inside = join(folder, 'deep', 'cifar-10-batches-py')
  await mkdir(inside, { recursive: true })
  const pickle = Buffer.from('\u0080\u0002}q\u0001(U\u000bbatch_labelq\u0002', 'latin1')
  for (const name of ['data_batch_1', 'test_batch']) await writeFile(join(inside, name), pickle)
  // More than a folder's reader gives at once.
  for (let i = 0; i < 120; i++) await writeFile(join(folder, `notes-${i}.txt`), 'mine')
  const lab = new LabPage(page)
  await lab.open()
  await drop(page, folder)
  await expect(alerts(page).first()).toContainText(
    /^These 2 files hold no file of a data set .*\(it is the Python version; the binary one is needed\)/,
  )
  await page.reload()
  const tar = await packFiles([['notes.bin', Uint8Array.of(1, 2, 3)]])
  const archive = Buffer.concat([tar.subarray(0, 700), tar.subarray(700)].map((part) => gzipSync(part)))
  await lab.chooseFiles('Choose files…', { name: 'mine.tar.gz', mimeType: '', buffer: archive })
  await expect(alerts(page).first()).toContainText(/^mine\.tar\.gz holds no file of a data set/)
  await page.reload()
  const weights = join(folder, 'net.safetensors')
  await writeFile(weights, 'mine')
  await expect(page.getByText(OPEN_ENGINE)).toBeVisible()
  await drop(page, weights, () => rm(weights))
  await expect(alerts(page).first()).toContainText(/^net\.safetensors can no longer be read: it was moved/)
  await rm(folder, { recursive: true })
  await expect(lab.button('Train both')).toBeEnabled()
})

test('a link edited by hand leaves the default set-up: one that cannot be decoded says so, one that asks for the impossible names the field', async ({
  page,
}) => {
  const impossible = Buffer.from(JSON.stringify({ version: 1, batchSize: -3 })).toString('base64url')
  for (const [config, said] of [
    ['%%%', 'link'],
    [impossible, /not valid at \w+/],
  ] as const) {
    // An address that differs by its fragment alone is no other page.
    await page.goto('about:blank')
    await page.goto(`/#config=${config}`)
    await expect(alerts(page).first()).toContainText(said)
    await expect(page.getByRole('button', { name: 'Train both', exact: true })).toBeEnabled()
  }
})
