// public/isolation-worker.js as a browser would run it, with the browser played.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { ISOLATION_HEADERS } from './isolation-headers.ts'

const SOURCE = readFileSync(join(import.meta.dirname, '../public/isolation-worker.js'), 'utf8')

type Asked = { readonly mode: RequestMode; readonly destination: RequestDestination }
type FetchEvent = {
  readonly request: Asked
  respondWith(response: Promise<Response>): void
  waitUntil(work: Promise<unknown>): void
}

/** Starts the worker on a host that answers everything with one response. */
function start(response: Response) {
  const listeners = new Map<string, (event: FetchEvent) => void>()
  let unregistrations = 0
  runInNewContext(SOURCE, {
    Headers,
    Response,
    addEventListener: (type: string, listener: (event: FetchEvent) => void) => listeners.set(type, listener),
    skipWaiting: () => undefined,
    fetch: () => Promise.resolve(response),
    registration: {
      unregister() {
        unregistrations++
        return Promise.resolve(true)
      },
    },
  })
  return {
    unregistrations: () => unregistrations,
    /** Null where the browser is left to fetch by itself. */
    async ask(request: Asked): Promise<Response | null> {
      const answers: Promise<Response>[] = []
      const work: Promise<unknown>[] = []
      listeners.get('fetch')?.({
        request,
        respondWith: (answer) => void answers.push(answer),
        waitUntil: (more) => void work.push(more),
      })
      const answer = await answers[0]
      await Promise.all(work)
      return answer ?? null
    },
  }
}

const PAGE: Asked = { mode: 'navigate', destination: 'document' }
const WORKER: Asked = { mode: 'same-origin', destination: 'worker' }

function isolationOf({ headers }: Response): Record<string, string | null> {
  return Object.fromEntries(Object.keys(ISOLATION_HEADERS).map((name) => [name, headers.get(name)]))
}

test.each([
  ['a page', PAGE],
  ['a worker’s script', WORKER],
])('%s without the headers gets those that our servers send, and keeps the rest', async (_, asked) => {
  const theirs = new Response('content', {
    status: 203,
    statusText: 'From a cache',
    headers: { 'content-type': 'text/html', 'cross-origin-embedder-policy': 'unsafe-none' },
  })
  const worker = start(theirs)
  const answer = await worker.ask(asked)
  if (!answer) throw new Error('the worker did not answer')
  expect(isolationOf(answer)).toEqual(ISOLATION_HEADERS)
  expect([answer.status, answer.statusText, answer.headers.get('content-type')]).toEqual([
    203,
    'From a cache',
    'text/html',
  ])
  expect(await answer.text()).toBe('content')
  expect(worker.unregistrations()).toBe(0)
})

test.each<Asked>([
  { mode: 'cors', destination: '' },
  { mode: 'no-cors', destination: 'image' },
  { mode: 'cors', destination: 'script' },
  { mode: 'no-cors', destination: 'style' },
])('the browser fetches by itself what is asked as %o', async (asked) => {
  expect(await start(new Response()).ask(asked)).toBeNull()
})

test('a response that nobody may look into is passed on as it is', async () => {
  const opaque = Response.error()
  expect(await start(opaque).ask(PAGE)).toBe(opaque)
})

test('a response without a body stays one', async () => {
  const answer = await start(new Response(null, { status: 204 })).ask(PAGE)
  expect([answer?.status, answer?.body]).toEqual([204, null])
})

test.each(['require-corp', 'credentialless'])(
  'where the host sends the headers itself (%s), its page is passed on as it is, and the worker unregisters',
  async (policy) => {
    const theirs = new Response('content', {
      headers: { ...ISOLATION_HEADERS, 'Cross-Origin-Embedder-Policy': policy },
    })
    const worker = start(theirs)
    expect(await worker.ask(WORKER)).toBe(theirs)
    expect(worker.unregistrations()).toBe(0)
    expect(await worker.ask(PAGE)).toBe(theirs)
    expect(worker.unregistrations()).toBe(1)
  },
)
