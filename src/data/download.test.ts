import 'fake-indexeddb/auto'
import type { RequestListener } from 'node:http'
import { createCipheriv } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { fileListener, serve, type Serving } from '../../scripts/testing/local-server.ts'
import { download, type DownloadPorts } from './download.ts'
import type { ImageStore } from './store/image-store.ts'
import { openFreshStore } from '../testing/data/open-fresh-store.ts'
import { collect, concatenate, packFiles } from '../testing/data/tiny-set.ts'

// More than a few of the parts that are kept at once.
const ARCHIVE = Uint8Array.from({ length: 9_000_000 }, (_, at) => (at * 2_654_435_761) >>> 13)
const NAME = 'cifar-10-binary.tar.gz'

function portsOf(store: ImageStore, changes: Partial<DownloadPorts> = {}): DownloadPorts {
  return {
    fetch: (url, init) => fetch(url, init),
    downloads: store.downloads,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onRestart: () => undefined,
    retryDelaysMs: [1, 1],
    ...changes,
  }
}

async function kept(store: ImageStore): Promise<Uint8Array> {
  return concatenate(await collect(store.downloads.read('cifar10')))
}

const sameBytes = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0

test('an archive is kept in parts of at most 1 MiB, and complete', async () => {
  await using server = await serve(fileListener(ARCHIVE))
  const { store } = await openFreshStore()
  const progress: [number, number | null][] = []
  await download(
    'cifar10',
    server.base + NAME,
    portsOf(store, { onProgress: (...at) => void progress.push(at) }),
  )
  const parts = await collect(store.downloads.read('cifar10'))
  expect(parts.map(({ length }) => length)).toEqual([...Array(8).fill(1_048_576), 611_392])
  expect(sameBytes(concatenate(parts), ARCHIVE)).toBe(true)
  expect(await store.downloads.find('cifar10')).toMatchObject({ complete: true, bytes: 9_000_000 })
  expect(progress[0]).toEqual([0, 9_000_000])
  expect(progress.at(-1)).toEqual([9_000_000, 9_000_000])
})

test('a connection that is cut again and again is taken up where it was cut', async () => {
  await using server = await serve(fileListener(ARCHIVE, () => ({ cutAfter: 2_500_000 })))
  const { store } = await openFreshStore()
  await download('cifar10', server.base + NAME, portsOf(store))
  expect(sameBytes(await kept(store), ARCHIVE)).toBe(true)
  expect(server.requests.length).toBeGreaterThanOrEqual(4)
  expect(server.requests.slice(1).every((request) => /bytes=[1-9]\d*-$/.test(request))).toBe(true)
})

test('after a few attempts without a byte the download stops, keeps what arrived, and can go on later', async () => {
  let serving: Serving = { cutAfter: 5_000_000 }
  await using server = await serve(fileListener(ARCHIVE, () => serving))
  const { store } = await openFreshStore()
  const ports = portsOf(store, {
    fetch: async (url, init) => {
      const response = await fetch(url, init)
      serving = { cutAfter: 0 }
      return response
    },
  })
  await expect(download('cifar10', server.base + NAME, ports)).rejects.toMatchObject({
    code: 'archive-interrupted',
    message: expect.stringMatching(
      /stopped after \d\.\d MB of 9\.0 MB .*; what has arrived is kept, so resume/,
    ),
  })
  const arrived = (await kept(store)).length
  expect(arrived).toBeGreaterThan(0)
  expect(arrived).toBeLessThanOrEqual(5_000_000)

  serving = {}
  server.requests.length = 0
  await download('cifar10', server.base + NAME, portsOf(store))
  expect(server.requests).toEqual([`GET /${NAME} bytes=${arrived}-`])
  expect(sameBytes(await kept(store), ARCHIVE)).toBe(true)
})

test('stopping keeps every byte that was received, and the next download asks for the rest only', async () => {
  await using server = await serve(fileListener(ARCHIVE))
  const { store } = await openFreshStore()
  const controller = new AbortController()
  const stopping = portsOf(store, {
    signal: controller.signal,
    onProgress: (bytes) => {
      if (bytes > 5_000_000) controller.abort(new Error('paused'))
    },
  })
  await expect(download('cifar10', server.base + NAME, stopping)).rejects.toThrow('paused')
  const { length } = await kept(store)
  expect(length).toBeGreaterThan(5_000_000)
  await download('cifar10', server.base + NAME, portsOf(store))
  expect(server.requests.at(-1)).toBe(`GET /${NAME} bytes=${length}-`)
  expect(sameBytes(await kept(store), ARCHIVE)).toBe(true)
})

async function interruptAfter(store: ImageStore, url: string) {
  const controller = new AbortController()
  const onProgress = (bytes: number) => {
    if (bytes > 1_000_000) controller.abort(new Error('paused'))
  }
  await download('cifar10', url, portsOf(store, { signal: controller.signal, onProgress })).catch(
    () => undefined,
  )
  expect((await kept(store)).length).toBeGreaterThan(1_000_000)
}

const ENCODED = /^the server compresses the archive on its way/

/** The reasons for beginning again, and the ports that note them. */
function noting(store: ImageStore, changes: Partial<DownloadPorts> = {}) {
  const reasons: string[] = []
  return { reasons, ports: portsOf(store, { onRestart: (why) => void reasons.push(why), ...changes }) }
}

/** A mirror that packs what it serves for its way, and cuts ranges out of what it has packed. */
function packingMirror(bytes: Uint8Array): RequestListener {
  const packed = gzipSync(bytes)
  return (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    response
      .writeHead(from > 0 ? 206 : 200, {
        'content-encoding': 'gzip',
        'content-length': packed.length - from,
        ...(from > 0 ? { 'content-range': `bytes ${from}-${packed.length - 1}/${packed.length}` } : {}),
      })
      .end(packed.subarray(from))
  }
}

/** Nothing makes these bytes fewer: packed, they are a little more. */
const DENSE = Uint8Array.from(
  createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(9_000_000)),
)

const CUT_AFTER = 5_000_000

/** The first answers to a request for all of the archive are cut, so many of them. */
function cutting(times: number): DownloadPorts['fetch'] {
  let cuts = 0
  return async (url, init) => {
    const response = await fetch(url, init)
    if (new Headers(init.headers).has('range') || cuts++ >= times) return response
    let passed = 0
    const cut = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        if (passed >= CUT_AFTER) return controller.error(new TypeError('network error'))
        passed += piece.length
        controller.enqueue(piece)
      },
    })
    return new Response(response.body?.pipeThrough(cut) ?? null, response)
  }
}

/** As a page sees a mirror's answer: of the headers, only those that need nobody's leave (Fetch, 3.3.5). */
const fromAnotherSite =
  (request: DownloadPorts['fetch']): DownloadPorts['fetch'] =>
  async (url, init) => {
    const { body, status, headers } = await request(url, init)
    const shown = ['content-length', 'content-type', 'last-modified'].flatMap((name) => {
      const value = headers.get(name)
      return value === null ? [] : [[name, value] as const]
    })
    const response = new Response(body, { status, headers: Object.fromEntries(shown) })
    return Object.defineProperty(response, 'type', { value: 'cors' })
  }

test.each([
  ['whose headers are all seen', cutting(1), DENSE, ENCODED],
  ['on another site, to fewer bytes,', fromAnotherSite(cutting(1)), ARCHIVE, ENCODED],
  [
    'on another site',
    fromAnotherSite(cutting(1)),
    DENSE,
    /^nothing could be read of the parts that the server sent/,
  ],
])(
  'after a cut, a mirror %s that packs the archive is begun again, and why is said',
  async (_what, fetch, bytes, why) => {
    await using server = await serve(packingMirror(bytes))
    const { store } = await openFreshStore()
    const { reasons, ports } = noting(store, { fetch })
    await download('cifar10', server.base + NAME, ports)
    expect(sameBytes(await kept(store), bytes)).toBe(true)
    expect(reasons).toEqual([expect.stringMatching(why)])
  },
)

test('a mirror that packs the archive and is cut each time is not asked for ever', async () => {
  await using server = await serve(packingMirror(ARCHIVE))
  const { store } = await openFreshStore()
  const { reasons, ports } = noting(store, { fetch: cutting(Infinity) })
  await expect(download('cifar10', server.base + NAME, ports)).rejects.toMatchObject({
    code: 'archive-interrupted',
    message: expect.stringContaining('the server compresses the archive on its way'),
  })
  expect(reasons).toHaveLength(2)
  expect((await kept(store)).length).toBeGreaterThanOrEqual(CUT_AFTER)
})

test('an archive that came unpacked from another site is not continued in its middle', async () => {
  const tar = await packFiles([['a.bin', ARCHIVE]])
  await using server = await serve(packingMirror(tar))
  const { store } = await openFreshStore()
  const { reasons, ports } = noting(store, { fetch: fromAnotherSite(cutting(1)) })
  await download('cifar10', server.base + NAME, ports)
  expect(server.requests).toEqual([`GET /${NAME}`, `GET /${NAME}`])
  expect(reasons).toEqual([expect.stringMatching(ENCODED)])
  expect(sameBytes(await kept(store), tar)).toBe(true)
})

test.each<[string, RequestListener, RegExp]>([
  [
    'another part than was asked for',
    (_request, response) =>
      response
        .writeHead(206, { 'content-range': `bytes 0-99/${ARCHIVE.length}` })
        .end(ARCHIVE.subarray(0, 100)),
    /^the server sent another part/,
  ],
  ['416', (_request, response) => response.writeHead(416).end(), /^the archive there is shorter/],
  [
    'a file with another date',
    (_request, response) =>
      response.writeHead(206, { 'last-modified': 'Tue, 01 Jan 2030 00:00:00 GMT' }).end('x'),
    /^the archive there has changed since/,
  ],
])('where a range brings %s, the download begins again and says why', async (_what, onRange, why) => {
  const date = { 'last-modified': 'Mon, 01 Jan 2029 00:00:00 GMT' }
  await using server = await serve((request, response) => {
    if (request.headers.range !== undefined) onRange(request, response)
    else response.writeHead(200, { ...date, 'content-length': ARCHIVE.length }).end(ARCHIVE)
  })
  const { store } = await openFreshStore()
  await interruptAfter(store, server.base + NAME)
  const { reasons, ports } = noting(store)
  await download('cifar10', server.base + NAME, ports)
  expect(reasons).toEqual([expect.stringMatching(why)])
  expect(sameBytes(await kept(store), ARCHIVE)).toBe(true)
})

test('a server that ignores ranges begins from the first byte again', async () => {
  await using server = await serve(fileListener(ARCHIVE, () => ({ ignoresRange: true })))
  const { store } = await openFreshStore()
  await interruptAfter(store, server.base + NAME)
  const { reasons, ports } = noting(store)
  await download('cifar10', server.base + NAME, ports)
  expect(reasons).toEqual(['the server sends the whole archive whatever part is asked for'])
  expect(server.requests).toHaveLength(2)
  expect(sameBytes(await kept(store), ARCHIVE)).toBe(true)
})

test('a file that has changed on the server is not joined to the old one', async () => {
  let file = ARCHIVE
  let etag = '"old"'
  await using server = await serve((request, response) =>
    fileListener(file, () => ({ etag }))(request, response),
  )
  const { store } = await openFreshStore()
  await interruptAfter(store, server.base + NAME)
  file = ARCHIVE.toReversed()
  etag = '"new"'
  await download('cifar10', server.base + NAME, portsOf(store))
  expect(sameBytes(await kept(store), file)).toBe(true)
})

test('a file that has become shorter than what was kept is fetched anew', async () => {
  let file = ARCHIVE
  await using server = await serve((request, response) => fileListener(file)(request, response))
  const { store } = await openFreshStore()
  await interruptAfter(store, server.base + NAME)
  file = ARCHIVE.slice(0, 1_000)
  await download('cifar10', server.base + NAME, portsOf(store))
  expect(sameBytes(await kept(store), file)).toBe(true)
})

test('bytes from one address are not continued from another', async () => {
  await using server = await serve(fileListener(ARCHIVE))
  const { store } = await openFreshStore()
  await interruptAfter(store, server.base + NAME)
  await download('cifar10', `${server.base}mirror/${NAME}`, portsOf(store))
  expect(server.requests.at(-1)).toBe(`GET /mirror/${NAME}`)
  expect(sameBytes(await kept(store), ARCHIVE)).toBe(true)
})

test('an archive of unknown length is complete when the server says so', async () => {
  await using server = await serve(fileListener(ARCHIVE, () => ({ chunked: true })))
  const { store } = await openFreshStore()
  const totals = new Set<number | null>()
  await download(
    'cifar10',
    server.base + NAME,
    portsOf(store, { onProgress: (_, total) => void totals.add(total) }),
  )
  expect([...totals]).toEqual([null])
  expect(await store.downloads.find('cifar10')).toMatchObject({ complete: true, totalBytes: 9_000_000 })
})

test('an archive that is complete is not asked for again', async () => {
  await using server = await serve(fileListener(ARCHIVE))
  const { store } = await openFreshStore()
  await download('cifar10', server.base + NAME, portsOf(store))
  await download('cifar10', server.base + NAME, portsOf(store))
  expect(server.requests).toHaveLength(1)
})

test.each([
  [
    404,
    'archive-not-found',
    /^There is no file at http:.*cifar-10-binary\.tar\.gz \(404\); enter another mirror/,
  ],
  [410, 'archive-not-found', /\(410\)/],
  [401, 'archive-forbidden', /\(401\)/],
  [
    403,
    'archive-forbidden',
    /^The server refuses http:.* \(403\); enter another mirror address, or download the archive/,
  ],
  [500, 'archive-unreachable', /^Could not get http:.*: the server answered 500\./],
  [418, 'archive-unreachable', /the server answered 418/],
])('status %i is %s, and is not asked again', async (status, code, message) => {
  await using server = await serve((_, response) => response.writeHead(status).end('<h1>no</h1>'))
  const { store } = await openFreshStore()
  await expect(download('cifar10', server.base + NAME, portsOf(store))).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  })
  expect(server.requests).toHaveLength(1)
  expect(await store.downloads.find('cifar10')).toBeNull()
})

test("a server's own plain sentence is kept as a detail", async () => {
  await using server = await serve((_, response) =>
    response
      .writeHead(403, { 'content-type': 'text/plain; charset=utf-8' })
      .end('The host wants a password.'),
  )
  const { store } = await openFreshStore()
  await expect(download('cifar10', server.base + NAME, portsOf(store))).rejects.toMatchObject({
    cause: { message: 'The host wants a password.' },
  })
})

test('a host that nobody answers at is unreachable, and what was kept before stays', async () => {
  const server = await serve(fileListener(ARCHIVE))
  const { store } = await openFreshStore()
  await interruptAfter(store, server.base + NAME)
  const before = (await kept(store)).length
  await server.close()
  await expect(download('cifar10', server.base + NAME, portsOf(store))).rejects.toMatchObject({
    code: 'archive-unreachable',
    message: expect.stringMatching(
      /there was no answer\. The address may be wrong, the network down, or .*CORS/,
    ),
  })
  expect((await kept(store)).length).toBe(before)
})
