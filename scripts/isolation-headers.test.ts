import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createServer, preview } from 'vite'
import { ISOLATION_HEADERS } from '../src/site/headers.ts'

const ARCHIVE = 'cifar-10-binary.tar.gz'
const CONFIG = join(import.meta.dirname, '../vite.config.ts')
const LOCAL = { host: '127.0.0.1', port: 0 }

let folder: string

/** An archive in its cache, and a site of a page, a worker and a WebAssembly module: as source, and as it would be built. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'site-'))
  vi.stubEnv('RESIDUAL_LAB_ARCHIVE_CACHE', join(folder, 'archives'))
  await mkdir(join(folder, 'archives'))
  await writeFile(join(folder, 'archives', ARCHIVE), 'an archive')
  await mkdir(join(folder, 'dist'))
  for (const place of [folder, join(folder, 'dist')]) {
    await writeFile(join(place, 'index.html'), '<!doctype html><title>Site</title>')
    await writeFile(join(place, 'worker.js'), 'postMessage(crossOriginIsolated)')
    await writeFile(join(place, 'kernels.wasm'), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
  }
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

type Vite = { readonly resolvedUrls: { readonly local: string[] } | null; close(): Promise<void> }

const SERVERS: [string, () => Promise<Vite>][] = [
  ['preview', () => preview({ root: folder, configFile: CONFIG, logLevel: 'silent', preview: LOCAL })],
  [
    'development',
    async () => {
      const server = await createServer({
        root: folder,
        configFile: CONFIG,
        logLevel: 'silent',
        server: LOCAL,
        cacheDir: join(folder, 'cache'),
      })
      return server.listen()
    },
  ],
]

describe.each(SERVERS)('the server of %s sends the headers', (_, open) => {
  let server: Vite
  let base: string
  beforeAll(async () => {
    server = await open()
    base = server.resolvedUrls?.local[0] ?? ''
  })
  afterAll(() => server.close())

  const get = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(base + path, init)
    await response.arrayBuffer()
    return response
  }

  test.each<[string, string, number, RequestInit]>([
    ['a page', '', 200, { headers: { accept: 'text/html' } }],
    ['a script', 'worker.js', 200, {}],
    ['a worker’s script', 'worker.js?worker_file&type=module', 200, {}],
    ['a WebAssembly module', 'kernels.wasm', 200, {}],
    ['an archive', `archives/${ARCHIVE}`, 200, {}],
    ['a range of an archive', `archives/${ARCHIVE}`, 206, { headers: { range: 'bytes=8-' } }],
    ['an archive that is none', 'archives/other.tar.gz', 404, {}],
    ['a file that is none', 'none.js', 404, { headers: { accept: 'text/javascript' } }],
    [
      'a preflight',
      'worker.js',
      204,
      {
        method: 'OPTIONS',
        headers: { origin: 'http://localhost', 'access-control-request-method': 'GET' },
      },
    ],
  ])('with %s', async (_what, path, status, init) => {
    const response = await get(path, init)
    expect(response.status).toBe(status)
    for (const [name, value] of Object.entries(ISOLATION_HEADERS))
      expect([name, response.headers.get(name)]).toEqual([name, value])
  })

  test('and a WebAssembly module as what it is, so that it compiles while it arrives', async () => {
    const response = await fetch(`${base}kernels.wasm`)
    expect(response.headers.get('content-type')).toBe('application/wasm')
    expect(await WebAssembly.compileStreaming(response)).toBeInstanceOf(WebAssembly.Module)
  })
})
