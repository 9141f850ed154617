// Plays the official archive host: one archive, served with Range, or one of the ways in which a host can fail.
import { execFileSync } from 'node:child_process'
import { createReadStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { basename, dirname, join } from 'node:path'
import { ARCHIVES_PORT } from './ports.ts'

type HostBehaviour =
  | { kind: 'archive'; path: string }
  | { kind: 'status'; status: 403 | 404 }
  /** A captive portal, or a host that answers everything with its home page. */
  | { kind: 'html' }

export type ArchiveHost = AsyncDisposable & { behave(behaviour: HostBehaviour): void }

/** There is room for one at a time: the server of the page knows one address. */
export async function startArchiveHost(): Promise<ArchiveHost> {
  let behaviour: HostBehaviour = { kind: 'status', status: 404 }
  const server = createServer((request, response) => answer(behaviour, request, response))
  await new Promise<void>((resolve) => server.listen(ARCHIVES_PORT, '127.0.0.1', resolve))
  return {
    behave(next) {
      behaviour = next
    },
    [Symbol.asyncDispose]: () => closed(server),
  }
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())))
}

function answer(behaviour: HostBehaviour, request: IncomingMessage, response: ServerResponse): void {
  if (behaviour.kind === 'status') {
    response.writeHead(behaviour.status, { 'content-type': 'text/html' }).end('<h1>No</h1>')
    return
  }
  if (behaviour.kind === 'html') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Log in</title>')
    return
  }
  const size = statSync(behaviour.path).size
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  response.writeHead(start > 0 ? 206 : 200, {
    'accept-ranges': 'bytes',
    'content-length': size - start,
    'content-type': 'application/gzip',
    etag: `"${size}"`,
    ...(start > 0 ? { 'content-range': `bytes ${start}-${size - 1}/${size}` } : {}),
  })
  if (request.method === 'HEAD') response.end()
  else createReadStream(behaviour.path, { start }).pipe(response)
}

/** The real sets' folders, where the environment names them. */
export const CIFAR10_DIR = process.env['CIFAR10_DIR']
export const CIFAR100_DIR = process.env['CIFAR100_DIR']

/** Packs a folder of binary files as the official archive has them, once; Playwright empties its own folder each time. */
export function packArchive(folder: string, name: string): string {
  const archive = join(import.meta.dirname, '../.cache/packed', name)
  if (existsSync(archive)) return archive
  mkdirSync(dirname(archive), { recursive: true })
  const part = `${archive}.part`
  // Fast compression: the test is of our reading, not of gzip's writing.
  const compressed = '--use-compress-program=gzip -1'
  execFileSync('tar', [compressed, '-cf', part, '-C', dirname(folder), basename(folder)])
  renameSync(part, archive)
  return archive
}
