// For static hosts that cannot send headers: adds those that make the page cross-origin isolated, so that threads may
// share memory. It answers for documents and workers' scripts only, because these alone need them. All else, downloads
// and other hosts among it, the browser fetches by itself. Nothing is cached.

// Said again, because a service worker stands alone; a test compares them with scripts/isolation-headers.ts.
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

// A newer version takes over at once: there is no state to lose.
addEventListener('install', () => skipWaiting())

addEventListener('fetch', (event) => {
  const { request } = event
  const isWorker = request.destination === 'worker' || request.destination === 'sharedworker'
  if (isWorker || request.mode === 'navigate') event.respondWith(answer(event))
})

async function answer(event) {
  const { request } = event
  const response = await fetch(request)
  if (isolates(response.headers)) {
    // The host sends the headers by now.
    if (request.mode === 'navigate') event.waitUntil(registration.unregister())
    return response
  }
  // A redirect that the browser itself must follow; it shows nobody its headers.
  return response.status === 0 ? response : withHeaders(response)
}

function isolates(headers) {
  return (
    headers.get('Cross-Origin-Opener-Policy') === 'same-origin' &&
    ['require-corp', 'credentialless'].includes(headers.get('Cross-Origin-Embedder-Policy'))
  )
}

function withHeaders({ body, status, statusText, headers }) {
  const all = new Headers(headers)
  for (const [name, value] of Object.entries(HEADERS)) all.set(name, value)
  return new Response(body, { status, statusText, headers: all })
}
