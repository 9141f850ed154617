// Threads may share memory in the page and in its workers: by our server's headers, and on hosts that send none by a
// service worker.
import { join } from 'node:path'
import type { BrowserContext, Page, Worker } from '@playwright/test'
import { ISOLATION_HEADERS } from '../scripts/isolation-headers.ts'
import { fileListener, type LocalServer, serve } from '../scripts/testing/local-server.ts'
import { staticHost } from '../scripts/testing/static-host.ts'
import type { RunConfig } from '../src/config/run-config.ts'
import { ENDLESS, LabPage, linkTo, OPEN_ENGINE, TINY } from './lab-page.ts'
import { expect, test } from './test.ts'

const ARCHIVE = Buffer.from('an archive, of which a part is fetched')
const NESTED = 'postMessage(crossOriginIsolated)'

/** What the host does at the moment. */
let sendsHeaders: boolean
/** Lets the rest of a slow file go. */
let release: () => void
/** The service worker's script is sent after this. */
let scriptMayGo: Promise<void>
let host: LocalServer
let mirror: LocalServer

/** The built page on a static host, beside it a file with ranges, a slow one, and a worker's script. */
test.beforeEach(async () => {
  sendsHeaders = false
  scriptMayGo = Promise.resolve()
  const files = staticHost(join(import.meta.dirname, '../dist'))
  const archive = fileListener(ARCHIVE)
  host = await serve((request, response) => {
    if (sendsHeaders) {
      for (const [name, value] of Object.entries(ISOLATION_HEADERS)) response.setHeader(name, value)
    }
    if (request.url === '/archive') archive(request, response)
    else if (request.url === '/nested.js') response.setHeader('content-type', 'text/javascript').end(NESTED)
    else if (request.url === '/slow') {
      response.write('first')
      release = () => response.end('last')
    } else if (request.url === '/isolation-worker.js') void scriptMayGo.then(() => files(request, response))
    else files(request, response)
  })
  mirror = await serve((request, response) => {
    response.setHeader('access-control-allow-origin', '*')
    archive(request, response)
  })
})

test.afterEach(async () => {
  await host.close()
  await mirror.close()
})

/** What a page and a worker have in common. */
type Realm = { evaluate(look: () => boolean): Promise<boolean> }

const isIsolated = (where: Realm) => where.evaluate(() => crossOriginIsolated)

/** The worker that trains, of the page as it stands. */
async function trainingWorker(page: Page): Promise<Worker> {
  await expect(page.getByText(OPEN_ENGINE)).toBeVisible()
  const worker = page.workers().find((candidate) => /\/worker-[^/]+\.js$/.test(candidate.url()))
  if (!worker) throw new Error('the page has no training worker')
  return worker
}

const registrations = (page: Page) =>
  page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)

/** Opens the page on the static host, and counts its loads. */
async function openOnHost(
  context: BrowserContext,
  setup: RunConfig | null = null,
): Promise<{ page: Page; loads: () => number }> {
  const page = await context.newPage()
  let loads = 0
  page.on('load', () => loads++)
  await page.goto(host.base + (setup ? linkTo(setup) : ''))
  return { page, loads: () => loads }
}

test('what `npm start` serves is isolated, in the page and in its training worker, without a service worker; it asks no other address for anything, and without ?dev says nothing of kernels', async ({
  page,
  baseURL,
}) => {
  const elsewhere: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(baseURL ?? '') && !/^(blob|data):/.test(request.url()))
      elsewhere.push(request.url())
  })
  await new LabPage(page).open()
  await expect(page.getByRole('button', { name: /^Profile/ })).toHaveCount(0)
  expect(await isIsolated(page)).toBe(true)
  expect(await isIsolated(await trainingWorker(page))).toBe(true)
  expect(await registrations(page)).toBe(0)
  expect(elsewhere).toEqual([])
})

test('on a host without headers the page is isolated after one reload, and downloads as before', async ({
  context,
}) => {
  const { page, loads } = await openOnHost(context)
  await expect.poll(loads).toBe(2)
  expect(await isIsolated(page)).toBe(true)
  const worker = await trainingWorker(page)
  expect(await isIsolated(worker)).toBe(true)
  expect(loads()).toBe(2)

  await test.step('a worker of the worker is isolated too', async () => {
    const nested = await worker.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const thread = new Worker('/nested.js', { type: 'module' })
          thread.addEventListener('message', ({ data }) => resolve(data))
          thread.addEventListener('error', () => reject(new Error('the nested worker did not start')))
        }),
    )
    expect(nested).toBe(true)
  })

  for (const [place, url] of [
    ['this host', `${host.base}archive`],
    ['a mirror', `${mirror.base}archive`],
  ] as const) {
    await test.step(`a range from ${place} is that range`, async () => {
      const range = await worker.evaluate(async (from) => {
        const response = await fetch(from, { headers: { range: 'bytes=12-' }, cache: 'no-store' })
        return [response.status, await response.text()]
      }, url)
      expect(range).toEqual([206, ARCHIVE.toString().slice(12)])
    })
  }

  await test.step('bytes come as they arrive', async () => {
    await worker.evaluate(async () => {
      const response = await fetch('/slow')
      const reader = response.body?.getReader()
      const first = await reader?.read()
      Object.assign(globalThis, { reader, first: new TextDecoder().decode(first?.value) })
    })
    expect(await worker.evaluate(() => Reflect.get(globalThis, 'first'))).toBe('first')
    release()
    const rest = await worker.evaluate(async () => {
      const reader: ReadableStreamDefaultReader<Uint8Array> = Reflect.get(globalThis, 'reader')
      return new TextDecoder().decode((await reader.read()).value)
    })
    expect(rest).toBe('last')
  })

  await test.step('another tab is isolated at once', async () => {
    const other = await openOnHost(context)
    expect(await isIsolated(other.page)).toBe(true)
    expect(other.loads()).toBe(1)
    await other.page.close()
  })

  await test.step('nothing is cached', async () => {
    expect(await page.evaluate(() => caches.keys())).toEqual([])
  })

  await test.step('a page that is loaded past its service worker is not reloaded again, and works', async () => {
    // As a person does who reloads with shift.
    const session = await context.newCDPSession(page)
    const reloaded = page.waitForEvent('load')
    await session.send('Page.reload', { ignoreCache: true })
    await reloaded
    expect(await isIsolated(page)).toBe(false)
    expect(await isIsolated(await trainingWorker(page))).toBe(false)
    expect(await registrations(page)).toBe(1)
    expect(loads()).toBe(3)
  })

  await test.step('once the host sends the headers itself, the service worker is gone', async () => {
    sendsHeaders = true
    await page.reload()
    await expect.poll(() => registrations(page)).toBe(0)
    await page.reload()
    expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull()
    expect(await isIsolated(await trainingWorker(page))).toBe(true)
  })
})

test('a page that trains when its service worker arrives is not reloaded; its next visit is isolated', async ({
  context,
}) => {
  scriptMayGo = new Promise((resolve) => {
    release = resolve
  })
  const { page, loads } = await openOnHost(context, ENDLESS)
  await trainingWorker(page)
  const lab = new LabPage(page)
  await lab.button('Train A only').click()
  await lab.trainedTo(1)
  release()
  await page.evaluate(() => navigator.serviceWorker.ready)
  const before = await lab.steps()
  await lab.trainedTo(before + 1)
  await lab.button('Stop').click()
  await expect(lab.state()).toHaveText('Stopped')
  expect(loads()).toBe(1)
  expect(await isIsolated(page)).toBe(false)

  await page.reload()
  expect(await isIsolated(page)).toBe(true)
  expect(loads()).toBe(2)
})

test.describe('where service workers are blocked', () => {
  test.use({ serviceWorkers: 'block' })
  test('the page opens all the same, trains on one thread, and says what would give it more', async ({
    context,
  }) => {
    const { page, loads } = await openOnHost(context, TINY)
    const worker = await trainingWorker(page)
    expect(await isIsolated(page)).toBe(false)
    expect(await isIsolated(worker)).toBe(false)
    await expect(page.getByText('CPU · 1 thread', { exact: true })).toBeVisible()
    const lab = new LabPage(page)
    await lab.button('Train A only').click()
    await lab.finished(2)
    expect(loads()).toBe(1)
    await page.getByRole('button', { name: /^Engine:/ }).click()
    const settings = page.getByRole('dialog', { name: 'Engine' })
    await expect(settings).toContainText(
      'This page is not cross-origin isolated, so the CPU engine uses one thread. Serve it with COOP and COEP headers ' +
        '(npm start does) to use all cores.',
    )
    await expect(settings.getByRole('button', { name: /CPU threads/ })).toBeDisabled()
  })
})
