// The lab at other addresses: in a folder of a static host that sends no headers, without a network, beside a newer
// version; and what `npm start` serves.
import { rm } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import type { BrowserContext, Page, Worker } from '@playwright/test'
import { labServer } from '../scripts/server/lab-server.ts'
import { fileListener, type LocalServer, serve } from '../scripts/testing/local-server.ts'
import { staticHost } from '../scripts/testing/static-host.ts'
import type { RunConfig } from '../src/config/run-config.ts'
import { ENDLESS, LabPage, linkTo, OPEN_ENGINE, TINY } from './lab-page.ts'
import { nextBuild } from './next-build.ts'
import { expect, test } from './test.ts'

const ARCHIVE = Buffer.from('an archive, of which a part is fetched')
const DIST = join(import.meta.dirname, '../dist')
const FOLDER = '/residual-lab/'

/** What the host does at the moment; null: its network is cut. */
let answer: RequestListener | null
let host: LocalServer
let mirror: LocalServer
/** Where the lab is. */
let lab: string

test.beforeEach(async () => {
  answer = inFolder(DIST)
  host = await serve((request, response) => {
    if (answer) answer(request, response)
    else request.socket.destroy()
  })
  lab = host.base + FOLDER.slice(1)
  const archive = fileListener(ARCHIVE)
  mirror = await serve((request, response) => {
    response.setHeader('access-control-allow-origin', '*')
    archive(request, response)
  })
})

test.afterEach(async () => {
  await host.close()
  await mirror.close()
})

/** A static host, as GitHub Pages is one. */
function inFolder(folder: string): RequestListener {
  const files = staticHost(folder)
  return (request, response) => {
    if (request.url?.startsWith(FOLDER)) {
      request.url = request.url.slice(FOLDER.length - 1)
      files(request, response)
    } else response.writeHead(404).end()
  }
}

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

/** Opens the page on the host, and counts its loads. */
async function openOnHost(
  context: BrowserContext,
  setup: RunConfig | null = null,
): Promise<{ page: Page; loads: () => number }> {
  const page = await context.newPage()
  let loads = 0
  page.on('load', () => loads++)
  await page.goto(lab + (setup ? linkTo(setup) : ''))
  return { page, loads: () => loads }
}

/** The same, once the service worker has isolated it. */
async function openIsolated(context: BrowserContext, setup: RunConfig | null = null) {
  const opened = await openOnHost(context, setup)
  await expect.poll(() => isIsolated(opened.page).catch(() => false)).toBe(true)
  await trainingWorker(opened.page)
  return opened
}

/** Asks for a newer version, as the page does each hour and when it comes into sight. */
const lookForUpdate = (page: Page) =>
  page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))

const serviceWorkerIsReady = (page: Page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready
    return true
  })

test('in a folder of a static host the page is isolated after one reload, trains, fetches from a mirror, says where the archives are; and without a network it opens, trains and exports', async ({
  context,
}) => {
  const { page, loads } = await openOnHost(context, TINY)
  await expect.poll(loads).toBe(2)
  expect(await isIsolated(page)).toBe(true)
  const worker = await trainingWorker(page)
  expect(await isIsolated(worker)).toBe(true)
  expect(loads()).toBe(2)

  await test.step('a range from a mirror is that range', async () => {
    const range = await worker.evaluate(async (from) => {
      const response = await fetch(from, { headers: { range: 'bytes=12-' }, cache: 'no-store' })
      return [response.status, await response.text()]
    }, `${mirror.base}archive`)
    expect(range).toEqual([206, ARCHIVE.toString().slice(12)])
  })

  await test.step('the archives are not here, and the page says where they are', async () => {
    await new LabPage(page).button('Get CIFAR-10').click()
    await expect(page.getByText(/^This site has no copy of CIFAR-10\. Download https:/)).toBeVisible()
    expect(host.requests).toContain(`GET ${FOLDER}archives/cifar-10-binary.tar.gz`)
  })

  await test.step('it can be installed', async () => {
    const session = await context.newCDPSession(page)
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
    // The tests' windows are Chromium's incognito ones.
    expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito'])
    const { url, errors } = await session.send('Page.getAppManifest')
    expect([url, errors]).toEqual([`${lab}manifest.webmanifest`, []])
  })

  await test.step('another tab is isolated at once', async () => {
    const other = await openOnHost(context)
    expect(await isIsolated(other.page)).toBe(true)
    expect(other.loads()).toBe(1)
    await other.page.close()
  })

  await test.step('a page that is loaded past its service worker is not reloaded again, and works', async () => {
    // As a person does who reloads with shift.
    const session = await context.newCDPSession(page)
    const reloaded = page.waitForEvent('load')
    await session.send('Page.reload', { ignoreCache: true })
    await reloaded
    expect(await isIsolated(page)).toBe(false)
    expect(await isIsolated(await trainingWorker(page))).toBe(false)
    expect(loads()).toBe(3)
  })

  await test.step('without a network', async () => {
    answer = null
    await context.setOffline(true)
    await page.goto(`${lab}?engine=cpu${linkTo(TINY)}`)
    expect(await isIsolated(await trainingWorker(page))).toBe(true)
    const offline = new LabPage(page)
    await offline.button('Train both').click()
    await offline.finished(2)
    await offline.download('Export weights A')
    await offline.download('Steps as CSV')
    await page.goto(`${lab}?engine=tfjs${linkTo(TINY)}`)
    await expect(page.getByText(/^TensorFlow\.js on /)).toBeVisible()
  })
})

test('a newer version beside a run in training waits: the run goes on, the rest of its program still loads, and a press reloads the page with the new one, where the run resumes', async ({
  context,
}) => {
  const { page, loads } = await openIsolated(context, ENDLESS)
  const loadsBefore = loads()
  const { page: other } = await openIsolated(context)
  const old = await page.evaluate(() => document.querySelector<HTMLScriptElement>('script[src]')?.src ?? '')
  const training = new LabPage(page)
  await training.button('Train A only').click()
  await training.trainedTo(1)

  const next = await nextBuild(DIST)
  answer = inFolder(next)
  await lookForUpdate(page)
  await expect(page.getByText(/^A new version is ready\. Pause training to load it/)).toBeVisible()
  await expect(training.button('Reload')).toHaveCount(0)
  await training.trainedTo((await training.steps()) + 1)

  await test.step('another tab takes the new version; nobody reloads this one', async () => {
    await expect(other.getByText(/^A new version is ready\. Your runs are kept/)).toBeVisible()
    await new LabPage(other).button('Reload').click()
    await expect.poll(() => programOf(other)).not.toBe(old)
    await trainingWorker(other)
    expect(await programOf(page)).toBe(old)
    await training.trainedTo((await training.steps()) + 1)
    expect(loads()).toBe(loadsBefore)
  })

  await test.step('the rest of the old program still loads, from this browser alone', async () => {
    const { status } = await fetch(old)
    expect(status).toBe(404)
    expect(await page.evaluate(async (url) => (await fetch(url)).status, old)).toBe(200)
    await training.pause()
    await training.download('Export weights A')
  })

  await test.step('pressed, it loads the new version, and the run goes on in it', async () => {
    const paused = await training.steps()
    await training.button('Reload').click()
    await expect.poll(() => programOf(page)).not.toBe(old)
    await expect.poll(loads).toBe(loadsBefore + 1)
    await expect(training.state()).toHaveText('Paused')
    expect(await training.steps()).toBe(paused)
    await expect(page.getByText(/^A new version is ready/)).toHaveCount(0)
    await training.button('Resume').click()
    await training.trainedTo(paused + 1)
    await training.button('Stop').click()
  })

  await test.step('once no page of it is open, the old version’s files go', async () => {
    await other.reload()
    await expect.poll(() => page.evaluate(async (url) => (await fetch(url)).status, old)).toBe(404)
  })
  await rm(next, { recursive: true })
})

function programOf(page: Page): Promise<string> {
  return page
    .evaluate(() => document.querySelector<HTMLScriptElement>('script[src]')?.src ?? '')
    .catch(() => '')
}

test('a page that trains when its service worker arrives is not reloaded; its next visit is isolated', async ({
  context,
}) => {
  let release = () => {}
  const scriptMayGo = new Promise<void>((resolve) => (release = resolve))
  const files = inFolder(DIST)
  answer = (request, response) => {
    if (request.url?.endsWith('/service-worker.js')) void scriptMayGo.then(() => files(request, response))
    else files(request, response)
  }
  const { page, loads } = await openOnHost(context, ENDLESS)
  await trainingWorker(page)
  const training = new LabPage(page)
  await training.button('Train A only').click()
  await training.trainedTo(1)
  release()
  await serviceWorkerIsReady(page)
  await training.trainedTo((await training.steps()) + 1)
  await training.button('Stop').click()
  await expect(training.state()).toHaveText('Stopped')
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
    const training = new LabPage(page)
    await training.button('Train A only').click()
    await training.finished(2)
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

test('what `npm start` serves is isolated at once and asks no other address for anything; it opens when the server has ended, and gives way to another program on its port', async ({
  context,
}) => {
  answer = labServer({ folder: DIST, archives: (_, response) => response.writeHead(404).end() })
  lab = host.base
  const elsewhere: string[] = []
  context.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(host.base) && !/^(blob|data):/.test(url)) elsewhere.push(url)
  })
  const { page, loads } = await openOnHost(context)
  expect(await isIsolated(page)).toBe(true)
  expect(await isIsolated(await trainingWorker(page))).toBe(true)
  await expect(page.getByRole('button', { name: /^Profile/ })).toHaveCount(0)
  await serviceWorkerIsReady(page)
  expect(loads()).toBe(1)

  answer = null
  await page.reload()
  expect(await isIsolated(await trainingWorker(page))).toBe(true)
  expect(elsewhere).toEqual([])

  answer = (request, response) => {
    if (request.url !== '/') response.writeHead(404).end()
    else response.setHeader('content-type', 'text/html').end('<!doctype html><h1>Another program</h1>')
  }
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Another program' })).toBeVisible()
})
