// The data sets' official host lets no other site's page read its files. So this server offers the archives as its own:
// /archives/NAME, fetched on demand, with ranges, cached in a folder.
import { lstat, mkdir, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Plugin } from 'vite'
import { CIFAR_FORMATS, OFFICIAL_HOST } from '../src/data/cifar/cifar-format.ts'
import {
  type AfterIdle,
  MOST_BYTES,
  type OpenArchive,
  openWhole,
  partialOf,
  shareDownload,
} from './archive-proxy/shared-download.ts'
import { readVersion, UpstreamAnswer } from './archive-proxy/upstream.ts'

export type ArchiveProxyOptions = {
  /** The archives' folder on their host. */
  readonly upstream?: string | undefined
  readonly cacheFolder?: string | undefined
  /** When a download that nobody reads is stopped. */
  readonly afterIdle?: AfterIdle
  readonly mostBytes?: number
}

const IDLE_MS = 2_000

function afterIdleTime(stop: () => void): () => void {
  const timer = setTimeout(stop, IDLE_MS)
  return () => clearTimeout(timer)
}

const NAMES: readonly string[] = CIFAR_FORMATS.map(({ archive }) => archive)

export function archiveProxy(): Plugin {
  const handle = createArchiveHandler({
    upstream: process.env['RESIDUAL_LAB_ARCHIVES'],
    cacheFolder: process.env['RESIDUAL_LAB_ARCHIVE_CACHE'],
  })
  return {
    name: 'archive-proxy',
    configureServer: ({ middlewares }) => void middlewares.use('/archives', handle),
    configurePreviewServer: ({ middlewares }) => void middlewares.use('/archives', handle),
  }
}

/** Answers GET and HEAD of /NAME for the known archives. */
export function createArchiveHandler({
  upstream = OFFICIAL_HOST,
  cacheFolder = join(import.meta.dirname, '../.cache/archives'),
  afterIdle = afterIdleTime,
  mostBytes = MOST_BYTES,
}: ArchiveProxyOptions) {
  const folderUrl = upstream.endsWith('/') ? upstream : `${upstream}/`
  const running = new Map<string, Promise<OpenArchive>>()

  async function openArchive(name: string): Promise<OpenArchive> {
    const path = join(cacheFolder, name)
    await refuseLinks(path)
    const whole = await stat(path).catch(() => null)
    if (whole) {
      const unknown = { url: path, etag: `"${whole.size}-${Math.floor(whole.mtimeMs)}"`, lastModified: null }
      const version = (await readVersion(path)) ?? unknown
      return openWhole(path, { ...version, totalBytes: whole.size })
    }
    await mkdir(cacheFolder, { recursive: true })
    const shared =
      running.get(name) ??
      shareDownload(
        new URL(name, folderUrl).href,
        path,
        afterIdle,
        () => void running.delete(name),
        mostBytes,
      )
    running.set(name, shared)
    return shared.catch((error: unknown) => {
      running.delete(name)
      throw error
    })
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    const name = request.url?.slice(1) ?? ''
    if (!NAMES.includes(name)) {
      answerPlain(response, 404, `There is no archive ${name} here; there are ${NAMES.join(' and ')}.\n`)
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      answerPlain(response, 405, 'An archive can only be read (GET, HEAD).\n')
    } else {
      openArchive(name)
        .then((archive) => send(archive, request, response))
        .catch((error: unknown) => fail(response, error))
    }
  }
}

/** What is read and written in the cache is in the cache. @throws Error where a link leads elsewhere */
async function refuseLinks(path: string): Promise<void> {
  for (const file of [path, partialOf(path)]) {
    const found = await lstat(file).catch(() => null)
    if (found?.isSymbolicLink())
      throw new Error(`${file} is a link to another place; put the file itself there`)
  }
}

async function send(archive: OpenArchive, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { totalBytes, etag, lastModified } = archive.version
  const range = totalBytes === null ? null : /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const from = Number(range?.[1] ?? 0)
  const to = range?.[2] ? Math.min(Number(range[2]) + 1, totalBytes ?? 0) : totalBytes
  const headers = {
    'content-type': 'application/gzip',
    'cache-control': 'no-store',
    'accept-ranges': totalBytes === null ? 'none' : 'bytes',
    ...(etag && { etag }),
    ...(lastModified && { 'last-modified': lastModified }),
  }
  if (range && to !== null && from >= to) {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${totalBytes}` }).end()
    return
  }
  response.writeHead(range ? 206 : 200, {
    ...headers,
    ...(to !== null && { 'content-length': to - from }),
    ...(range && to !== null && { 'content-range': `bytes ${from}-${to - 1}/${totalBytes}` }),
  })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  // The reader may have to wait for its first byte, but not to learn that there will be one.
  response.flushHeaders()
  await pipeline(Readable.from(archive.read(from, to)), response)
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    // The reader sees a cut connection, and asks again from where it was cut.
    response.destroy()
  } else if (error instanceof UpstreamAnswer) {
    response.writeHead(error.status, { 'content-type': error.contentType }).end(error.message)
  } else {
    answerPlain(
      response,
      500,
      `The archive cannot be cached: ${error instanceof Error ? error.message : String(error)}\n`,
    )
  }
}

function answerPlain(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(sentence)
}
