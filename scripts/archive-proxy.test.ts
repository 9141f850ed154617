import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { request as httpRequest, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from './testing/eventually.ts'
import { createArchiveHandler } from './archive-proxy.ts'
import type { AfterIdle } from './archive-proxy/shared-download.ts'
import { fileListener, type LocalServer, serve, type Serving } from './testing/local-server.ts'

const NAME = 'cifar-10-binary.tar.gz'
/** 2 MB that do not compress. */
const ARCHIVE = gzipSync(
  Buffer.concat(Array.from({ length: 32_768 }, (_, at) => createHash('sha512').update(`${at}`).digest())),
)

let cacheFolder: string
let host: RequestListener
let upstream: LocalServer
let proxy: LocalServer

beforeEach(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'archives-'))
  host = fileListener(ARCHIVE)
  upstream = await serve((request, response) => host(request, response))
  proxy = await openProxy()
})

afterEach(async () => {
  await proxy.close()
  await upstream.close()
  // A download may still be finishing in there.
  await rm(cacheFolder, { recursive: true, maxRetries: 10, retryDelay: 50 })
})

/** A download goes on without readers, unless the test says otherwise. */
const openProxy = (afterIdle: AfterIdle = () => () => undefined, limit: { mostBytes?: number } = {}) =>
  serve(createArchiveHandler({ upstream: `${upstream.base}kriz`, cacheFolder, afterIdle, ...limit }))

async function get(headers: Record<string, string> = {}, name = NAME) {
  const response = await fetch(proxy.base + name, { headers })
  return { response, bytes: Buffer.from(await response.arrayBuffer()) }
}

const same = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0

/** A host that stops in the middle until `release` is called. */
function pausingHost(after: number) {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  host = (_, response) => {
    response.writeHead(200, { 'content-length': ARCHIVE.length, etag: '"1"' })
    response.write(ARCHIVE.subarray(0, after))
    void released.then(() => response.end(ARCHIVE.subarray(after)))
  }
  return () => release()
}

test('an archive comes from the host once, then from the cache', async () => {
  const first = await get()
  expect(first.response.status).toBe(200)
  expect(first.response.headers.get('content-length')).toBe(String(ARCHIVE.length))
  expect(first.response.headers.get('content-type')).toBe('application/gzip')
  expect(same(first.bytes, ARCHIVE)).toBe(true)
  await eventually(async () => expect(await readdir(cacheFolder)).toContain(NAME))
  await upstream.close()
  const second = await get()
  expect(same(second.bytes, ARCHIVE)).toBe(true)
  expect(second.response.headers.get('etag')).toBe(first.response.headers.get('etag'))
  expect(upstream.requests).toEqual([`GET /kriz/${NAME}`])
  expect((await readdir(cacheFolder)).toSorted()).toEqual([NAME, `${NAME}.json`])
})

test('an archive that someone put into the cache folder is served', async () => {
  await writeFile(join(cacheFolder, NAME), ARCHIVE)
  expect(same((await get()).bytes, ARCHIVE)).toBe(true)
  expect(upstream.requests).toEqual([])
})

test.each([
  ['bytes=1000000-', 1_000_000, ARCHIVE.length],
  ['bytes=10-19', 10, 20],
  ['bytes=2000000-99999999', 2_000_000, ARCHIVE.length],
])('the range %s is answered with 206 and just those bytes', async (range, from, to) => {
  for (const where of ['while it arrives', 'from the cache']) {
    const { response, bytes } = await get({ range })
    expect([where, response.status]).toEqual([where, 206])
    expect(response.headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/${ARCHIVE.length}`)
    expect(same(bytes, ARCHIVE.subarray(from, to))).toBe(true)
    await get()
    await eventually(async () => expect(await readdir(cacheFolder)).toContain(NAME))
  }
})

test('a range beyond the end is answered with 416', async () => {
  const { response } = await get({ range: `bytes=${ARCHIVE.length}-` })
  expect(response.status).toBe(416)
  expect(response.headers.get('content-range')).toBe(`bytes */${ARCHIVE.length}`)
})

test('bytes are passed on as they arrive, ranges too, and readers share one download', async () => {
  const release = pausingHost(500_000)
  const first = await fetch(proxy.base + NAME)
  const second = await fetch(proxy.base + NAME, { headers: { range: 'bytes=400000-' } })
  expect(second.status).toBe(206)
  const reader = second.body?.getReader()
  const early = await reader?.read()
  expect(
    same(early?.value ?? new Uint8Array(), ARCHIVE.subarray(400_000, 400_000 + (early?.value?.length ?? 0))),
  ).toBe(true)
  const late = await fetch(proxy.base + NAME, { headers: { range: 'bytes=1500000-' } })
  release()
  expect(same(Buffer.from(await first.arrayBuffer()), ARCHIVE)).toBe(true)
  expect(same(Buffer.from(await late.arrayBuffer()), ARCHIVE.subarray(1_500_000))).toBe(true)
  await reader?.cancel()
  expect(upstream.requests).toHaveLength(1)
})

describe('what is larger than an archive can be', () => {
  beforeEach(async () => {
    await proxy.close()
    proxy = await openProxy(undefined, { mostBytes: 1_000_000 })
  })

  test('is refused before it is fetched, where the host says so', async () => {
    const { response, bytes } = await get()
    expect([response.status, bytes.toString()]).toEqual([
      502,
      expect.stringMatching(/is larger than an archive can be \(1 MB\)/),
    ])
    expect(await readdir(cacheFolder)).toEqual([])
  })

  test('is cut, and its bytes are dropped, where the host does not', async () => {
    host = fileListener(ARCHIVE, () => ({ chunked: true }))
    await expect(get()).rejects.toThrow('terminated')
    await eventually(async () => expect(await readdir(cacheFolder)).toEqual([]))
  })
})

test.each([NAME, `${NAME}.partial`])('a link in the place of %s is not followed', async (file) => {
  const elsewhere = join(cacheFolder, '../elsewhere')
  await symlink(elsewhere, join(cacheFolder, file))
  const { response, bytes } = await get()
  expect([response.status, bytes.toString()]).toEqual([
    500,
    expect.stringMatching(/is a link to another place/),
  ])
  await expect(readFile(elsewhere)).rejects.toThrow('ENOENT')
})

test('a cut download is passed on as cut, and the next request continues it', async () => {
  let serving: Serving = { cutAfter: 700_000 }
  host = (request, response) => fileListener(ARCHIVE, () => serving)(request, response)
  await expect(get()).rejects.toThrow('terminated')
  expect(await readdir(cacheFolder)).not.toContain(NAME)
  serving = {}
  expect(same((await get()).bytes, ARCHIVE)).toBe(true)
  expect(upstream.requests[1]).toMatch(/bytes=[1-9]\d*-$/)
})

test('a partial file of an earlier server is continued', async () => {
  host = (request, response) => fileListener(ARCHIVE, () => ({ cutAfter: 700_000 }))(request, response)
  await expect(get()).rejects.toThrow('terminated')
  await proxy.close()
  host = fileListener(ARCHIVE)
  proxy = await openProxy()
  expect(same((await get()).bytes, ARCHIVE)).toBe(true)
  expect(upstream.requests[1]).toMatch(/bytes=[1-9]\d*-$/)
})

const CHANGES: [string, Serving][] = [
  ['the host has another version by now', { etag: '"2"' }],
  ['the host ignores ranges', { ignoresRange: true }],
]

test.each(CHANGES)('a partial file is dropped where %s', async (_, change) => {
  const other = gzipSync(Buffer.alloc(300_000, 'other'), { level: 0 })
  host = (request, response) => fileListener(ARCHIVE, () => ({ cutAfter: 700_000 }))(request, response)
  await expect(get()).rejects.toThrow('terminated')
  host = (request, response) => {
    if (request.headers['if-range'] !== change.etag) delete request.headers.range
    fileListener(other, () => change)(request, response)
  }
  expect(same((await get()).bytes, other)).toBe(true)
  await eventually(async () => expect(same(await readFile(join(cacheFolder, NAME)), other)).toBe(true))
})

test('a download that nobody reads any more is stopped, and continued by the next reader', async () => {
  const closed = new Promise<void>((resolve) => {
    pausingHost(500_000)
    const pausing = host
    host = (request, response) => {
      response.once('close', resolve)
      pausing(request, response)
    }
  })
  const idle: { stop: (() => void) | null } = { stop: null }
  await proxy.close()
  proxy = await openProxy((stop) => {
    idle.stop = stop
    return () => {
      idle.stop = null
    }
  })
  const controller = new AbortController()
  const response = await fetch(proxy.base + NAME, { signal: controller.signal })
  await response.body?.getReader().read()
  expect(idle.stop).toBeNull()
  controller.abort()
  await eventually(() => expect(idle.stop).toBeTypeOf('function'))
  idle.stop?.()
  await closed
  host = fileListener(ARCHIVE)
  expect(same((await get()).bytes, ARCHIVE)).toBe(true)
  expect(upstream.requests[1]).toMatch(/bytes=[1-9]\d*-$/)
})

test('an archive whose checksum is wrong is not cached', async () => {
  const damaged = Buffer.from(ARCHIVE)
  damaged[1_000_000] = (damaged[1_000_000] ?? 0) ^ 1
  host = fileListener(damaged)
  await get()
  await eventually(async () => expect(await readdir(cacheFolder)).toEqual([]))
  host = fileListener(ARCHIVE)
  expect(same((await get()).bytes, ARCHIVE)).toBe(true)
})

test('an archive of unknown length is passed on whole, without ranges, and cached', async () => {
  host = fileListener(ARCHIVE, () => ({ chunked: true }))
  const { response, bytes } = await get({ range: 'bytes=5-' })
  expect(response.status).toBe(200)
  expect(response.headers.get('accept-ranges')).toBe('none')
  expect(same(bytes, ARCHIVE)).toBe(true)
  expect((await get({ range: 'bytes=5-' })).response.status).toBe(206)
})

test.each([
  [404, 404],
  [403, 403],
  [401, 401],
  [500, 502],
])('the host saying %i is answered with %i and one plain sentence', async (theirs, ours) => {
  host = (_, response) => response.writeHead(theirs, { 'content-type': 'text/html' }).end('<h1>no</h1>')
  const { response, bytes } = await get()
  expect(response.status).toBe(ours)
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(bytes.toString()).toMatch(
    new RegExp(`^http://127\\.0\\.0\\.1:\\d+/kriz/${NAME} answered ${theirs} .*\\.\\n$`),
  )
  expect(await readdir(cacheFolder)).toEqual([])
})

test('a host that cannot be reached is answered with 502 and what to do', async () => {
  await upstream.close()
  const { response, bytes } = await get()
  expect(response.status).toBe(502)
  expect(bytes.toString()).toMatch(/cannot be reached \(.*ECONNREFUSED.*\); check this computer's network/)
})

test('a web page is passed on as one and not cached', async () => {
  host = (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>Log in')
  const { response, bytes } = await get()
  expect(response.headers.get('content-type')).toBe('text/html')
  expect(bytes.toString()).toBe('<!doctype html>Log in')
  expect(await readdir(cacheFolder)).toEqual([])
})

test('HEAD tells the size without the bytes; other names and methods are refused', async () => {
  const head = await fetch(proxy.base + NAME, { method: 'HEAD' })
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(ARCHIVE.length)])
  expect((await fetch(proxy.base + NAME, { method: 'POST' })).status).toBe(405)
  const other = await get({}, 'cifar-11.tar.gz')
  expect(other.response.status).toBe(404)
  expect(other.bytes.toString()).toBe(
    'There is no archive cifar-11.tar.gz here; there are cifar-10-binary.tar.gz and cifar-100-binary.tar.gz.\n',
  )
})

test('a path out of the folder is no archive', async () => {
  const status = await new Promise((resolve) => {
    const { port } = new URL(proxy.base)
    httpRequest({ port, host: '127.0.0.1', path: `/../${NAME}` }, ({ statusCode }) =>
      resolve(statusCode),
    ).end()
  })
  expect(status).toBe(404)
})
