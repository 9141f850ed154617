// The headers with which the lab's files are sent: by `npm start`, by the service worker on hosts that send none, and by
// hosts that read dist/_headers. index.html repeats the policy of pages, for a first visit to a host without headers.

/** Threads share memory only in a page that is cross-origin isolated, which these make it. */
export const ISOLATION_HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const

/** Texts of <style> elements that react-aria adds, by their SHA-256; headers.test.ts reads them in its files. */
const REACT_ARIA_STYLES = [
  'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o=',
  'sha256-gYiS/BvZvRcK27JIXTuwhZ3hs2+VJ1X+2gUlE+farlg=',
]

type Policy = Readonly<Record<string, readonly string[]>>

/** What a page may load and do. Its scripts are files of ours, and none is made of text. */
const PAGE_POLICY: Policy = {
  'default-src': ["'none'"],
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  'style-src': ["'self'", ...REACT_ARIA_STYLES.map((hash) => `'${hash}'`)],
  'img-src': ["'self'", 'blob:', 'data:'],
  'worker-src': ["'self'"],
  'manifest-src': ["'self'"],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
}

/** In a header only: a <meta> cannot say it. */
const NOT_FRAMED: Policy = { 'frame-ancestors': ["'none'"] }

/**
 * What a worker may. Only the training worker fetches what a person asks for, and a mirror may be at any address; so it
 * may connect anywhere, and the page, which has the DOM, nowhere else. http: is for a mirror beside `npm start`; a page
 * on https: may not use it all the same.
 */
const WORKER_POLICY: Policy = {
  'default-src': ["'none'"],
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  'worker-src': ["'self'"],
  'connect-src': ["'self'", 'https:', 'http:'],
}

/** Of index.html's <meta>. */
export const PAGE_POLICY_IN_META = format(PAGE_POLICY)
const PAGE_POLICY_IN_HEADER = format({ ...PAGE_POLICY, ...NOT_FRAMED })
const WORKER_POLICY_IN_HEADER = format(WORKER_POLICY)

/** Of every file. Everything that the lab needs no leave for is refused. */
const COMMON_HEADERS = {
  ...ISOLATION_HEADERS,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': [
    'accelerometer',
    'camera',
    'display-capture',
    'geolocation',
    'gyroscope',
    'hid',
    'magnetometer',
    'microphone',
    'midi',
    'payment',
    'serial',
    'usb',
  ]
    .map((feature) => `${feature}=()`)
    .join(', '),
} as const

/** Names of files under assets/ follow from what is in them. */
const IMMUTABLE = 'public, max-age=31536000, immutable'
const ASK_AGAIN = 'no-cache'

export type Headers = Readonly<Record<string, string>>

/** @param path of a file, from the lab's folder on: "index.html", "assets/worker-1.js" */
export function headersOf(path: string): Headers {
  return {
    ...COMMON_HEADERS,
    'Content-Security-Policy': isProgram(path) ? WORKER_POLICY_IN_HEADER : PAGE_POLICY_IN_HEADER,
  }
}

export function cacheControlOf(path: string): string {
  return path.startsWith('assets/') ? IMMUTABLE : ASK_AGAIN
}

/** The same as a file that Netlify and Cloudflare Pages read: no two of its patterns set a header of one path. */
export function headersFile(): string {
  const common = Object.entries(COMMON_HEADERS)
  const policies = [
    ['/', PAGE_POLICY_IN_HEADER, ASK_AGAIN],
    ['/index.html', PAGE_POLICY_IN_HEADER, ASK_AGAIN],
    ['/service-worker.js', WORKER_POLICY_IN_HEADER, ASK_AGAIN],
    ['/assets/*', WORKER_POLICY_IN_HEADER, IMMUTABLE],
  ] as const
  return [
    block('/*', common),
    ...policies.map(([path, policy, cache]) =>
      block(path, [
        ['Content-Security-Policy', policy],
        ['Cache-Control', cache],
      ]),
    ),
  ].join('\n')
}

function block(path: string, headers: readonly (readonly [string, string])[]): string {
  return [path, ...headers.map(([name, value]) => `  ${name}: ${value}`), ''].join('\n')
}

/** A page takes no notice of its scripts' policy; a worker has that of its own script. */
function isProgram(path: string): boolean {
  return path.startsWith('assets/') || path === 'service-worker.js'
}

function format(policy: Policy): string {
  return Object.entries(policy)
    .map(([directive, sources]) => [directive, ...sources].join(' '))
    .join('; ')
}
