import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { headersOf } from '../../src/site/headers.ts'
import { type LocalServer, serve } from '../testing/local-server.ts'
import { isOurs, labServer } from './lab-server.ts'

const SCRIPT = `export const numbers = [${Array.from({ length: 2_000 }, (_, at) => at).join()}]`

let outer: string
let server: LocalServer

/** A built app, and beside it what nobody is to read. */
beforeAll(async () => {
  outer = await mkdtemp(join(tmpdir(), 'site-'))
  await mkdir(join(outer, 'dist/assets'), { recursive: true })
  await mkdir(join(outer, 'dist-of-another'))
  await writeFile(join(outer, 'secret.txt'), 'secret')
  await writeFile(join(outer, 'dist-of-another/secret.txt'), 'secret')
  await writeFile(join(outer, 'dist/index.html'), '<!doctype html><title>Site</title>')
  await writeFile(join(outer, 'dist/.env'), 'secret')
  await writeFile(join(outer, 'dist/service-worker.js'), SCRIPT)
  await writeFile(join(outer, 'dist/assets/worker-1.js'), SCRIPT)
  await writeFile(join(outer, 'dist/assets/kernels-1.wasm'), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
  await symlink(join(outer, 'secret.txt'), join(outer, 'dist/link.txt'))
  await symlink(outer, join(outer, 'dist/assets/folder'))
  server = await serve(
    labServer({
      folder: join(outer, 'dist'),
      archives: (request, response) => response.end(`archive ${request.url}`),
    }),
  )
})

afterAll(async () => {
  await server.close()
  await rm(outer, { recursive: true })
})

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }

/** Sends the path as it stands: fetch would tidy it. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { port } = new URL(server.base)
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
      )
    })
    request.on('error', reject)
    request.end()
  })
}

test.each([
  ['/', 200],
  ['/?engine=cpu', 200],
  ['/assets/worker-1.js', 200],
  ['/assets/none.js', 404],
  ['/archives/any', 200],
  ['/%E0%A4%A', 400],
])('%s is answered with %i, and with every header', async (path, status) => {
  const answer = await ask(path)
  expect(answer.status).toBe(status)
  const expected = headersOf(path.startsWith('/assets') ? path.slice(1) : 'index.html')
  for (const [name, value] of Object.entries(expected))
    expect([name, answer.headers[name.toLowerCase()]]).toEqual([name, value])
})

test.each([
  ['/', 'no-cache'],
  ['/index.html', 'no-cache'],
  ['/service-worker.js', 'no-cache'],
  ['/assets/worker-1.js', 'public, max-age=31536000, immutable'],
])('%s is kept by the browser as %s', async (path, kept) => {
  const { headers } = await ask(path)
  expect(headers['cache-control']).toBe(kept)
})

describe('a script', () => {
  test.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const)('travels as %s where the browser reads that', async (encoding, unpack) => {
    const { headers, body } = await ask('/assets/worker-1.js', { 'accept-encoding': encoding })
    expect(headers['content-encoding']).toBe(encoding)
    expect(body.length).toBeLessThan(SCRIPT.length)
    expect(unpack(body).toString()).toBe(SCRIPT)
  })

  test('comes in parts as it is', async () => {
    const part = await ask('/assets/worker-1.js', { 'accept-encoding': 'br', range: 'bytes=7-11' })
    expect([part.status, part.headers['content-encoding'], part.body.toString()]).toEqual([
      206,
      undefined,
      SCRIPT.slice(7, 12),
    ])
  })

  test('that has not changed is not sent again', async () => {
    const { headers } = await ask('/assets/worker-1.js')
    const again = await ask('/assets/worker-1.js', { 'if-none-match': String(headers['etag']) })
    expect([again.status, again.body.length]).toEqual([304, 0])
  })
})

test('a WebAssembly module is sent as what it is, so that it compiles while it arrives', async () => {
  const response = await fetch(`${server.base}assets/kernels-1.wasm`)
  expect(response.headers.get('content-type')).toBe('application/wasm')
  expect(await WebAssembly.compileStreaming(response)).toBeInstanceOf(WebAssembly.Module)
})

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/%2e%2e%2fsecret.txt',
  '/..%2fsecret.txt',
  '/..%5csecret.txt',
  String.raw`/..\secret.txt`,
  '/%252e%252e/secret.txt',
  '/../dist-of-another/secret.txt',
  '/index.html%00.txt',
  '//etc/passwd',
  '/.env',
  '/link.txt',
  '/assets/folder/secret.txt',
  '/archives/../secret.txt',
  '/archives/%2e%2e/secret.txt',
  '/assets',
])('%s leads to no file', async (path) => {
  const { status, body } = await ask(path)
  expect(status).toBeGreaterThanOrEqual(400)
  expect(body.toString()).not.toMatch(/secret$/)
})

test.each(['POST', 'PUT', 'DELETE'])('%s is refused', async (method) => {
  expect((await ask('/', {}, method)).status).toBe(405)
})

test('a request by another name is refused, and learns nothing', async () => {
  const { status, body } = await ask('/', { host: 'evil.example' })
  expect([status, body.toString().includes('Site')]).toEqual([403, false])
  expect((await ask('/archives/any', { host: 'evil.example:80' })).status).toBe(403)
})

test.each([
  ['localhost:4173', undefined, true],
  ['lab.localhost', undefined, true],
  ['127.0.0.1:4173', undefined, true],
  ['[::1]:4173', undefined, true],
  ['192.168.1.7', undefined, true],
  ['lab.example:4173', 'lab.example', true],
  ['lab.example', undefined, false],
  ['localhost.evil.example', undefined, false],
  ['evil.example', 'lab.example', false],
  ['', undefined, false],
  ['a b', undefined, false],
  [undefined, undefined, false],
])('a request to %s, of a server that was started for %s, is ours: %s', (host, name, ours) => {
  expect(isOurs(host, name)).toBe(ours)
})
