// Keeps the lab's files, so that it opens without a network and goes on beside a newer version; and adds the headers
// (headers.ts) that a static host does not send. Downloads and other hosts it leaves to the browser.
import { PrecacheController, PrecacheRoute } from 'workbox-precaching'
import { registerRoute } from 'workbox-routing'
import { headersOf, ISOLATION_HEADERS } from './headers.ts'
import { openPrograms } from './open-programs.ts'

declare const self: ServiceWorkerGlobalScope

const FOLDER = new URL('./', self.location.href).href
const OWN_MACHINE: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

const files = new PrecacheController({
  plugins: [
    { handlerWillRespond: ({ request, response }) => Promise.resolve(withHeaders(request, response)) },
  ],
})
// The build writes the list of files in its place.
// oxlint-disable-next-line no-underscore-dangle
files.addToCacheList(self.__WB_MANIFEST)
// What follows the question mark is for the page.
const thisVersion = new PrecacheRoute(files, { ignoreURLParametersMatching: [/./] })

// A new version waits beside the old one until a page asks for it, or none is open.
self.addEventListener('install', (event) => void files.install(event))
self.addEventListener('message', ({ data }: ExtendableMessageEvent) => {
  // As workbox-window says it.
  if (data?.type === 'SKIP_WAITING') void self.skipWaiting()
})
self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([self.clients.claim(), dropOldVersions(event)]))
})

registerRoute(
  (asked) => asked.request.mode === 'navigate' && thisVersion.match(asked),
  async (asked) => {
    const { request, event } = asked
    if (await isPortOfAnother()) {
      await self.registration.unregister()
      return fetch(request)
    }
    event.waitUntil(dropOldVersions(event))
    return thisVersion.handler.handle(asked)
  },
)
registerRoute(thisVersion)

// A page of an earlier version loads the rest of its program.
registerRoute(
  ({ url }) => url.href.startsWith(`${FOLDER}assets/`),
  async ({ request }) => {
    const cache = await caches.open(files.strategy.cacheName)
    return withHeaders(request, (await cache.match(request, { ignoreVary: true })) ?? (await fetch(request)))
  },
)

/** Files of earlier versions go when no page of theirs is open. */
async function dropOldVersions(event: ExtendableEvent): Promise<void> {
  const programs = await openPrograms(self.navigator.locks)
  if (programs.every((program) => files.getCacheKeyForURL(program) !== undefined)) await files.activate(event)
}

/** On a person's own machine a port is the lab's today and another program's tomorrow, which is not to be hidden. */
async function isPortOfAnother(): Promise<boolean> {
  if (!OWN_MACHINE.has(self.location.hostname)) return false
  try {
    const { ok } = await fetch(self.location.href, { method: 'HEAD', cache: 'no-store' })
    return !ok
  } catch {
    // Nobody's: the lab's server has ended.
    return false
  }
}

function withHeaders({ url }: Request, response: Response): Response {
  // A redirect or an error that nobody may look into.
  if (response.status === 0) return response
  const { body, status, statusText } = response
  const headers = new Headers(response.headers)
  const path = url.slice(FOLDER.length)
  for (const [name, value] of Object.entries(headersOf(path))) {
    // What a host says itself counts, but without these the lab has no threads.
    if (name in ISOLATION_HEADERS || !headers.has(name)) headers.set(name, value)
  }
  return new Response(body, { status, statusText, headers })
}
