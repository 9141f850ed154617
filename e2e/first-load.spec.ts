// What the page fetches before its first paint, and what it fetches later.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { LabPage } from './lab-page.ts'
import { expect, test } from './test.ts'

const DIST = join(import.meta.dirname, '../dist')

/** Bytes of JavaScript, compressed by gzip. */
const LIMIT = 250_000

test('before the first paint the page fetches less than 250 kB of JavaScript', async () => {
  const html = await readFile(join(DIST, 'index.html'), 'utf8')
  const fetched = [...html.matchAll(/<(?:script|link)\b[^>]*?(?:src|href)="([^"]+\.(?:js|css))"/g)]
  const files = await Promise.all(
    fetched.map(async ([, path = '']) => ({
      path,
      bytes: gzipSync(await readFile(join(DIST, path)), { level: 9 }).length,
    })),
  )
  const scripts = files.filter(({ path }) => path.endsWith('.js'))
  expect(scripts.length).toBeGreaterThan(0)
  const sum = scripts.reduce((total, { bytes }) => total + bytes, 0)
  console.log([...files.map(({ path, bytes }) => `${bytes} ${path}`), `${sum} of ${LIMIT}`].join('\n'))
  expect(sum).toBeLessThan(LIMIT)
})

test('a part that cannot be fetched says so, the page goes on, and a press fetches it', async ({ page }) => {
  const chunk = /\/assets\/runs-zone-[^/]*\.js$/
  await page.route(chunk, (route) => route.abort())
  const lab = new LabPage(page)
  await lab.open()
  await lab.button('Runs').click()
  await expect(page.getByText(/"Runs" could not be fetched: the connection was lost/)).toBeVisible()
  await lab.button('Lab').click()
  await expect(lab.button('Train both')).toBeEnabled()

  await page.unroute(chunk)
  await lab.button('Runs').click()
  await lab.button('Show again').click()
  await expect(page.getByText('No runs yet.')).toBeVisible()
})
