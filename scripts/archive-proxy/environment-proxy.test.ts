// Downloads through a proxy that the environment names: a real one, to a real TLS server that only it can find.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type ForwardProxy, startForwardProxy } from '../testing/forward-proxy.ts'
import { fileListener, type LocalServer, serve } from '../testing/local-server.ts'
import { requestUpstream } from './upstream.ts'

const ARCHIVE = Buffer.from('an archive')
/** No name server knows it. */
const HOST = 'archives.invalid'
const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [
  name,
  name.toUpperCase(),
])

let folder: string
let certificate: string
let upstream: { port: number; close: () => void }
let plain: LocalServer
let proxy: ForwardProxy

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'proxy-'))
  const key = join(folder, 'key.pem')
  certificate = join(folder, 'certificate.pem')
  const subject = ['-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`]
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject]
  execFileSync('openssl', [...made, '-keyout', key, '-out', certificate], { stdio: 'ignore' })
  const server = createServer(
    { key: readFileSync(key), cert: readFileSync(certificate) },
    fileListener(ARCHIVE),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  upstream = {
    port: address.port,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
  plain = await serve(fileListener(ARCHIVE))
})
afterAll(async () => {
  upstream.close()
  await plain.close()
  rmSync(folder, { recursive: true })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await proxy.close()
})

/** What a process of its own gets, because a process reads the certificates that it trusts once. */
async function download(url: string, variables: Record<string, string>): Promise<string> {
  const code = `import { requestUpstream } from ${JSON.stringify(new URL('upstream.ts', import.meta.url).href)}
    const { body } = await requestUpstream(${JSON.stringify(url)}, 0, null, new AbortController().signal)
    for await (const piece of body) process.stdout.write(piece)`
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !PROXY_VARIABLES.includes(name)),
  )
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    env: { ...clean, NODE_EXTRA_CA_CERTS: certificate, ...variables },
  })
  let said = ''
  const hear = (chunk: Buffer) => {
    said += chunk.toString()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  await new Promise((resolve) => child.on('close', resolve))
  return said
}

test.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'])(
  'an archive on https comes through the proxy of %s',
  { timeout: 60_000 },
  async (variable) => {
    proxy = await startForwardProxy()
    const url = `https://${HOST}:${upstream.port}/archive`
    expect(await download(url, { [variable]: `http://${proxy.address}` })).toBe(ARCHIVE.toString())
    expect(proxy.requests).toEqual([`CONNECT ${HOST}:${upstream.port}`])
  },
)

test('a proxy’s address may be without a scheme, and have credentials', { timeout: 60_000 }, async () => {
  proxy = await startForwardProxy('someone:secret')
  const url = `https://${HOST}:${upstream.port}/archive`
  const through = (credentials: string) => download(url, { HTTPS_PROXY: `${credentials}@${proxy.address}` })
  expect(await through('someone:secret')).toBe(ARCHIVE.toString())
  const refused = await through('someone:wrong')
  expect(refused).toContain('cannot be reached (Proxy response (407)')
  expect(refused).not.toContain('someone:wrong')
})

/** In this process, which has no certificate to know. */
async function get(url: string): Promise<string> {
  const { body } = await requestUpstream(url, 0, null, new AbortController().signal)
  const pieces: Uint8Array[] = []
  for await (const piece of body) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

function environment(values: Record<string, string>): void {
  for (const name of PROXY_VARIABLES) vi.stubEnv(name, values[name])
}

test('one on http is asked of the proxy of HTTP_PROXY', async () => {
  proxy = await startForwardProxy()
  environment({ HTTP_PROXY: `http://${proxy.address}` })
  const url = `http://${HOST}:${new URL(plain.base).port}/archive`
  expect(await get(url)).toBe(ARCHIVE.toString())
  expect(proxy.requests).toEqual([`GET ${url}`])
})

test('NO_PROXY, and this computer itself, go without', async () => {
  proxy = await startForwardProxy()
  environment({ HTTP_PROXY: `http://${proxy.address}`, NO_PROXY: '.invalid' })
  expect(await get(plain.base)).toBe(ARCHIVE.toString())
  await expect(get(`http://${HOST}/archive`)).rejects.toThrow(/cannot be reached \(.*ENOTFOUND|EAI_AGAIN/)
  expect(proxy.requests).toEqual([])
})

test.each(['http://127.0.0.1:1', 'http://:', 'nonsense://x'])(
  'a proxy that is none (%s) is a failure with a sentence',
  async (address) => {
    proxy = await startForwardProxy()
    environment({ HTTP_PROXY: address })
    await expect(get(`http://${HOST}/archive`)).rejects.toThrow(
      /cannot be reached \(.+\); check this computer's network and its proxy \(HTTPS_PROXY, NO_PROXY\)/,
    )
  },
)
