// The browser's storage is full: training goes on from memory, the page says so, and nothing that was stored is lost.
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { LabPage, TINY } from './lab-page.ts'
import { expect, test } from './test.ts'

/** More than two small runs and their images take. */
const ROOM_BYTES = 32_000_000

test('with no room left a run goes on from memory and says so; what was stored stays, and with room again all is stored', async ({
  page,
  baseURL,
}) => {
  const lab = new LabPage(page)
  const runs = page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Runs/ })
  const allow = await quotaOf(page, new URL(baseURL ?? '').origin)
  // Chromium looks again only for what is larger than the room it saw last, or half a minute later.
  await allow(ROOM_BYTES)
  await lab.open(TINY)
  await lab.button('Train both').click()
  await lab.finished(2)
  const first = await readFile(await lab.download('Export weights A'))
  await expect(runs).toHaveText('Runs 2')

  await allow(1)
  await lab.open({ ...TINY, seed: 2 })
  expect(await refusesToStore(page, ROOM_BYTES)).toBe(true)
  await expect(lab.state()).toHaveText('Finished')
  await lab.button('Train both').click()
  const notice = page.getByRole('alert').filter({ hasText: 'only in memory' })
  await expect(notice).toContainText("The browser's storage is full")
  await lab.finished(2)
  const second = await readFile(await lab.download('Export weights A'))
  expect(second.equals(first)).toBe(false)

  const other = new LabPage(await page.context().newPage())
  await other.open()
  await expect(other.state()).toHaveText('Finished')
  expect((await readFile(await other.download('Export weights A'))).equals(first)).toBe(true)
  await other.page.close()

  await allow(null)
  await lab.button('Try again').click()
  await expect(notice).toBeHidden()
  await expect(runs).toHaveText('Runs 4')
  await page.reload()
  await expect(lab.state()).toHaveText('Finished')
  expect((await readFile(await lab.download('Export weights A'))).equals(second)).toBe(true)
})

/** Sets how many bytes Chromium lets the page store; null for as many as ever. */
async function quotaOf(page: Page, origin: string): Promise<(bytes: number | null) => Promise<unknown>> {
  const session = await page.context().newCDPSession(page)
  return (bytes) =>
    session.send('Storage.overrideQuotaForOrigin', {
      origin,
      ...(bytes === null ? {} : { quotaSize: bytes }),
    })
}

function refusesToStore(page: Page, bytes: number): Promise<boolean> {
  return page.evaluate(
    (size) =>
      new Promise<boolean>((resolve) => {
        const refused = (error: DOMException | null) => resolve(error?.name === 'QuotaExceededError')
        const request = indexedDB.open('a-test-of-room')
        request.addEventListener('upgradeneeded', () => request.result.createObjectStore('bytes'))
        request.addEventListener('error', () => refused(request.error))
        request.addEventListener('success', () => {
          const database = request.result
          const transaction = database.transaction('bytes', 'readwrite')
          transaction.objectStore('bytes').put(new Uint8Array(size), 0)
          transaction.addEventListener('complete', () => resolve(false))
          transaction.addEventListener('abort', () => refused(transaction.error))
          database.close()
        })
      }),
    bytes,
  )
}
