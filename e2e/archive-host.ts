// Plays the official archive host: one archive, served with Range, or one of the ways in which a host can fail.
import { execFileSync } from 'node:child_process'
import { createReadStream, existsSync, mkdirSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { basename, dirname, join } from 'node:path'
import { ARCHIVES_PORT } from './ports.ts'

export type HostBehaviour =
  | { kind: 'archive'; path: string; bytesPerSecond?: number }
  | { kind: 'status'; status: 403 | 404 }
  /** A captive portal, or a host that answers everything with its home page. */
  | { kind: 'html' }
  /** The connection breaks after so many bytes of every answer. */
  | { kind: 'cut'; path: string; after: number }

export type ArchiveHost = {
  behave(behaviour: HostBehaviour): void
  requests: string[]
  close(): Promise<void>
}

export async function startArchiveHost(): Promise<ArchiveHost> {
  let behaviour: HostBehaviour = { kind: 'status', status: 404 }
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.headers.range ?? ''}`.trim())
    answer(behaviour, request, response)
  })
  await new Promise<void>((resolve) => server.listen(ARCHIVES_PORT, '127.0.0.1', resolve))
  return {
    behave(next) {
      behaviour = next
    },
    requests,
    close: () => closed(server),
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
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  if (behaviour.kind === 'cut') {
    const stream = createReadStream(behaviour.path, {
      start,
      end: Math.min(size, start + behaviour.after) - 1,
    })
    stream.on('data', (chunk) => response.write(chunk))
    stream.on('end', () => response.destroy())
    return
  }
  void send(createReadStream(behaviour.path, { start }), response, behaviour.bytesPerSecond ?? Infinity)
}

async function send(
  stream: AsyncIterable<Buffer>,
  response: ServerResponse,
  bytesPerSecond: number,
): Promise<void> {
  for await (const chunk of stream) {
    if (response.destroyed) return
    if (!response.write(chunk)) await drained(response)
    if (Number.isFinite(bytesPerSecond)) await wait((1000 * chunk.length) / bytesPerSecond)
  }
  response.end()
}

const drained = (response: ServerResponse) =>
  new Promise<void>((resolve) => {
    response.once('drain', resolve)
    response.once('close', resolve)
  })

const wait = (ms: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

/** Packs a folder's six binary files as the official archive has them, once. */
export function packArchive(folder: string, archive: string): string {
  if (!existsSync(archive)) {
    mkdirSync(dirname(archive), { recursive: true })
    // Fast compression: the test is of our reading, not of gzip's writing.
    execFileSync('tar', [
      '--use-compress-program=gzip -1',
      '-cf',
      archive,
      '-C',
      dirname(folder),
      basename(folder),
    ])
  }
  return archive
}

/** The real CIFAR-10's folder, where the environment names one. */
export const CIFAR10_DIR = process.env['CIFAR10_DIR']
export const PACKED_ARCHIVE = join(import.meta.dirname, '../.cache/e2e/cifar-10-binary.tar.gz')
