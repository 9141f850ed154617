// The browser's storage is full: training goes on from memory, the page says so, and nothing that was stored is lost.
import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { LabPage, TINY } from './lab-page.ts'

const MINUTE = 60_000

test('with no room left a run goes on from memory and says so; what was stored stays, and with room again all is stored', async ({
  page,
}) => {
  const lab = new LabPage(page)
  const runs = page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Runs/ })
  await lab.open(TINY)
  await lab.button('Train both').click()
  await lab.finished(2)
  const first = await readFile(await lab.download('Export weights A'))
  await expect(runs).toHaveText('Runs 2')

  const allow = await quotaOf(page)
  await allow(1)
  await lab.open({ ...TINY, seed: 2 })
  // Chromium remembers for up to half a minute how much room there was.
  await expect.poll(() => refusesToStore(page), { timeout: MINUTE, intervals: [1000] }).toBe(true)
  await expect(lab.state()).toHaveText('Finished', { timeout: MINUTE })
  await lab.button('Train both').click()
  const notice = page.getByRole('alert').filter({ hasText: 'only in memory' })
  await expect(notice).toContainText("The browser's storage is full", { timeout: 2 * MINUTE })
  await lab.finished(2)
  const second = await readFile(await lab.download('Export weights A'))
  expect(second.equals(first)).toBe(false)

  const other = new LabPage(await page.context().newPage())
  await other.open()
  await expect(other.state()).toHaveText('Finished', { timeout: MINUTE })
  expect((await readFile(await other.download('Export weights A'))).equals(first)).toBe(true)
  await other.page.close()

  await allow(null)
  await lab.button('Try again').click()
  await expect(notice).toBeHidden()
  await expect(runs).toHaveText('Runs 4')
  await page.reload()
  await expect(lab.state()).toHaveText('Finished', { timeout: MINUTE })
  expect((await readFile(await lab.download('Export weights A'))).equals(second)).toBe(true)
})

/** Sets how many bytes Chromium lets the page store; null for as many as ever. */
async function quotaOf(page: Page): Promise<(bytes: number | null) => Promise<unknown>> {
  const session = await page.context().newCDPSession(page)
  const { origin } = new URL(page.url())
  return (bytes) =>
    session.send('Storage.overrideQuotaForOrigin', {
      origin,
      ...(bytes === null ? {} : { quotaSize: bytes }),
    })
}

/** Whether there is no room for a megabyte. */
function refusesToStore(page: Page): Promise<boolean> {
  return page.evaluate(
    () =>
      new Promise<boolean>((resolve) => {
        const refused = (error: DOMException | null) => resolve(error?.name === 'QuotaExceededError')
        const request = indexedDB.open('a-test-of-room')
        request.addEventListener('upgradeneeded', () => request.result.createObjectStore('bytes'))
        request.addEventListener('error', () => refused(request.error))
        request.addEventListener('success', () => {
          const database = request.result
          const transaction = database.transaction('bytes', 'readwrite')
          transaction.objectStore('bytes').put(new Uint8Array(1_000_000), 0)
          transaction.addEventListener('complete', () => resolve(false))
          transaction.addEventListener('abort', () => refused(transaction.error))
          database.close()
        })
      }),
  )
}
