// An archive over HTTP into the download store: what has arrived survives a cut connection, a pause and a reload.
import { AppError } from '../base/app-error.ts'
import type { DataSetId } from '../base/data-set.ts'
import { chunksOf } from '../files/byte-streams.ts'
import type { DownloadRecord } from './store/database.ts'
import type { DownloadStore } from './store/download-store.ts'
import { megabytes } from './store/transactor.ts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export type DownloadPorts = {
  readonly fetch: Fetch
  readonly downloads: DownloadStore
  readonly signal: AbortSignal
  readonly onProgress: (bytes: number, totalBytes: number | null) => void
  /** Waits before each new attempt after the connection was cut. Bytes that arrive begin the list again. */
  readonly retryDelaysMs: readonly number[]
}

/** What is kept at once; a crash loses less than this. */
const PART_BYTES = 1024 * 1024

/** The connection was cut, or not made; the message says how. */
class Interruption extends Error {}

/**
 * Brings an archive into the store, from its first missing byte on.
 * @param url absolute; bytes that are kept from another address are dropped
 * @throws AppError `archive-not-found`, `archive-forbidden`, `archive-unreachable`, `archive-interrupted`, and as the
 *   store does; the signal's reason. What had arrived is kept in every case.
 */
export async function download(set: DataSetId, url: string, ports: DownloadPorts): Promise<void> {
  const { downloads, signal, retryDelaysMs } = ports
  const bytesAtFirst = (await downloads.find(set))?.bytes ?? 0
  let bytes = bytesAtFirst
  let failures = 0
  for (;;) {
    try {
      await attempt(set, url, ports)
      return
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Interruption)) throw error
      const record = await downloads.find(set)
      const arrived = record?.bytes ?? 0
      if (arrived === bytesAtFirst) throw unreachable(url, error)
      if (arrived !== bytes) failures = 0
      bytes = arrived
      const delay = retryDelaysMs[failures++]
      if (delay === undefined) throw interrupted(url, record, failures, error)
      await wait(delay, signal)
    }
  }
}

async function attempt(set: DataSetId, url: string, ports: DownloadPorts): Promise<void> {
  const { downloads } = ports
  const kept = await downloads.find(set)
  if (kept?.url === url && kept.bytes > 0) {
    if (kept.complete) return
    const response = await request(url, kept.bytes, ports)
    if (continues(response, kept)) return receive(set, response, kept, ports)
    // The server ignores ranges, or has another file now.
    if (response.status === 200) return begin(set, url, response, ports)
    await response.body?.cancel()
  }
  return begin(set, url, await request(url, 0, ports), ports)
}

async function request(url: string, from: number, { fetch, signal }: DownloadPorts): Promise<Response> {
  // No If-Range: it would make a request to a mirror one that needs the mirror's leave (a CORS preflight).
  // `continues` compares the same facts.
  const headers: HeadersInit = from > 0 ? { range: `bytes=${from}-` } : {}
  const response = await fetch(url, { headers, signal, cache: 'no-store' }).catch((error: unknown) => {
    throw new Interruption('there was no answer', { cause: error })
  })
  if (response.status === 200 || (from > 0 && (response.status === 206 || response.status === 416)))
    return response
  throw refusal(url, response, await explanation(response))
}

/** Whether a response holds the bytes that follow those we have, of the same file. A mirror may hide every header. */
function continues(response: Response, kept: DownloadRecord): boolean {
  if (response.status !== 206) return false
  const header = (name: string) => response.headers.get(name)
  const same = (theirs: string | null | undefined, ours: number | string | null) =>
    theirs === null || theirs === undefined || theirs === '*' || ours === null || theirs === String(ours)
  const [, from, totalBytes] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header('content-range') ?? '') ?? []
  return (
    same(from, kept.bytes) &&
    same(totalBytes, kept.totalBytes) &&
    same(header('content-length'), kept.totalBytes && kept.totalBytes - kept.bytes) &&
    same(header('etag'), kept.etag) &&
    same(header('last-modified'), kept.lastModified)
  )
}

async function begin(set: DataSetId, url: string, response: Response, ports: DownloadPorts): Promise<void> {
  const header = (name: string) => response.headers.get(name)
  const length = header('content-length')
  await ports.downloads.begin(set, {
    url,
    // Of a response that is packed for its way, the length says nothing about what we get.
    totalBytes: length === null || header('content-encoding') ? null : Number(length),
    etag: header('etag'),
    lastModified: header('last-modified'),
  })
  const record = await ports.downloads.find(set)
  if (record) await receive(set, response, record, ports)
}

async function receive(
  set: DataSetId,
  response: Response,
  { bytes: bytesBefore, totalBytes }: DownloadRecord,
  { downloads, onProgress }: DownloadPorts,
): Promise<void> {
  const part = new Uint8Array(PART_BYTES)
  let filled = 0
  let bytes = bytesBefore
  const flush = async () => {
    if (filled > 0) await downloads.append(set, filled < PART_BYTES ? part.slice(0, filled) : part)
    filled = 0
  }
  onProgress(bytes, totalBytes)
  try {
    for await (const piece of response.body ? chunksOf(response.body) : []) {
      for (let at = 0; at < piece.length;) {
        const taken = piece.subarray(at, at + PART_BYTES - filled)
        part.set(taken, filled)
        filled += taken.length
        at += taken.length
        if (filled === PART_BYTES) await flush()
      }
      bytes += piece.length
      onProgress(bytes, totalBytes)
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    await flush()
    throw new Interruption('the connection was cut', { cause: error })
  }
  await flush()
  if (totalBytes !== null && bytes < totalBytes) throw new Interruption('the connection was closed too early')
  await downloads.finish(set)
}

/** The server's own sentence, where it has one (ours has). */
async function explanation(response: Response): Promise<string | null> {
  if (response.headers.get('content-type')?.startsWith('text/plain')) {
    return (await response.text().catch(() => '')).slice(0, 500)
  }
  await response.body?.cancel()
  return null
}

const ADVICE = 'enter another mirror address, or download the archive yourself and drop it on this page'

function refusal(url: string, { status }: Response, reason: string | null): Error {
  const cause = reason ? { cause: new Error(reason) } : undefined
  switch (status) {
    case 404:
    case 410:
      return new AppError('archive-not-found', `There is no file at ${url} (${status}); ${ADVICE}.`, cause)
    case 401:
    case 403:
      return new AppError('archive-forbidden', `The server refuses ${url} (${status}); ${ADVICE}.`, cause)
    default:
      return new Interruption(`the server answered ${status}`, cause)
  }
}

function unreachable(url: string, interruption: Interruption): AppError {
  return new AppError(
    'archive-unreachable',
    `Could not get ${url}: ${interruption.message}. The address may be wrong, the network down, or the server may not ` +
      `allow other sites to read the file (CORS); ${ADVICE}.`,
    { cause: interruption.cause },
  )
}

function interrupted(
  url: string,
  record: DownloadRecord | null,
  attempts: number,
  interruption: Interruption,
): AppError {
  const total = record?.totalBytes ? ` of ${megabytes(record.totalBytes)}` : ''
  return new AppError(
    'archive-interrupted',
    `${url} stopped after ${megabytes(record?.bytes ?? 0)}${total} (${interruption.message}; ${attempts} attempts); what ` +
      'has arrived is kept, so resume when the connection is back.',
    { cause: interruption.cause },
  )
}

/** @throws the signal's reason */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}
