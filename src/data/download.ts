// An archive over HTTP into the download store: what has arrived survives a cut connection, a pause and a reload.
import { AppError } from '../base/app-error.ts'
import type { DataSetId } from '../base/data-set.ts'
import { chunksOf } from '../files/byte-streams.ts'
import { fileKindOf } from '../files/file-kinds.ts'
import type { DownloadRecord } from './store/database.ts'
import type { DownloadStore } from './store/download-store.ts'
import { megabytes } from './store/transactor.ts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export type DownloadPorts = {
  readonly fetch: Fetch
  readonly downloads: DownloadStore
  readonly signal: AbortSignal
  readonly onProgress: (bytes: number, totalBytes: number | null) => void
  /** The first byte was asked for again, and what had arrived given up. @param why completes "…, because" */
  readonly onRestart: (why: string) => void
  /** Waits before each new attempt after the connection was cut. Bytes that arrive begin the list again. */
  readonly retryDelaysMs: readonly number[]
}

/** What is kept at once; a crash loses less than this. */
const PART_BYTES = 1024 * 1024

/** The connection was cut, or not made; the message says how. */
class Interruption extends Error {
  /** Whether the server had answered with the archive. */
  readonly isAnswered: boolean

  constructor(
    message: string,
    { isAnswered = false, ...options }: ErrorOptions & { isAnswered?: boolean } = {},
  ) {
    super(message, options)
    this.isAnswered = isAnswered
  }
}

const ENCODED = 'the server compresses the archive on its way, and such a download cannot be continued'

/**
 * Brings an archive into the store, from its first missing byte on; from its first byte where the server cannot continue.
 * @param url absolute; bytes that are kept from another address are dropped
 * @throws AppError `archive-not-found`, `archive-forbidden`, `archive-unreachable`, `archive-interrupted`, and as the
 *   store does; the signal's reason. What had arrived is kept in every case.
 */
export async function download(set: DataSetId, url: string, ports: DownloadPorts): Promise<void> {
  const { downloads, signal, retryDelaysMs } = ports
  const bytesAtFirst = (await downloads.find(set))?.bytes ?? 0
  let bytes = bytesAtFirst
  let failures = 0
  let restarts = 0
  /** Whether the range that was asked for last brought not a byte. */
  let isBarren = false
  const counting: DownloadPorts = {
    ...ports,
    onRestart(why) {
      // Each takes all of the archive again: not for ever.
      if (++restarts > retryDelaysMs.length) throw new Interruption(why, { isAnswered: true })
      ports.onRestart(why)
    },
  }
  for (;;) {
    try {
      // The last attempt, where ranges bring nothing, is for all of it.
      await attempt(set, url, isBarren && failures === retryDelaysMs.length, counting)
      return
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Interruption)) throw error
      const record = await downloads.find(set)
      const arrived = record?.bytes ?? 0
      if (arrived === bytesAtFirst && !error.isAnswered) throw unreachable(url, error)
      isBarren = arrived === bytes && error.isAnswered
      if (arrived !== bytes) failures = 0
      bytes = arrived
      const delay = restarts > retryDelaysMs.length ? undefined : retryDelaysMs[failures++]
      if (delay === undefined) throw interrupted(url, record, failures, error)
      await wait(delay, signal)
    }
  }
}

async function attempt(set: DataSetId, url: string, isWhole: boolean, ports: DownloadPorts): Promise<void> {
  const kept = await ports.downloads.find(set)
  if (kept?.url !== url || kept.bytes === 0) return begin(set, url, await request(url, 0, ports), ports, null)
  if (kept.complete) return
  // More than the server said there is: it spoke of what it had packed.
  const isPacked = kept.isEncoded || kept.bytes > (kept.totalBytes ?? Infinity)
  if (isPacked) return begin(set, url, await request(url, 0, ports), ports, ENCODED)
  if (isWhole) {
    const why = 'nothing could be read of the parts that the server sent'
    return begin(set, url, await request(url, 0, ports), ports, why, true)
  }
  const response = await request(url, kept.bytes, ports)
  const obstacle = obstacleTo(response, kept)
  if (obstacle === null) {
    return receive(set, piecesOf(response), kept, isWhollySaid(response), ports)
  }
  // The server ignores ranges, or has another file now.
  if (response.status === 200) return begin(set, url, response, ports, obstacle)
  await response.body?.cancel()
  return begin(set, url, await request(url, 0, ports), ports, obstacle)
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

/** Why a response does not hold the bytes that follow those we have; null where it does. A mirror may hide every header. */
function obstacleTo(response: Response, kept: DownloadRecord): string | null {
  if (response.status === 200) return 'the server sends the whole archive whatever part is asked for'
  if (response.status === 416) return 'the archive there is shorter than what had arrived'
  const header = (name: string) => response.headers.get(name)
  const same = (theirs: string | null | undefined, ours: number | string | null) =>
    theirs === null || theirs === undefined || theirs === '*' || ours === null || theirs === String(ours)
  if (header('content-encoding')) return ENCODED
  const [, from, totalBytes] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header('content-range') ?? '') ?? []
  if (!same(from, kept.bytes)) return 'the server sent another part than the one that was asked for'
  const isSameFile =
    same(totalBytes, kept.totalBytes) &&
    same(header('content-length'), kept.totalBytes && kept.totalBytes - kept.bytes) &&
    same(header('etag'), kept.etag) &&
    same(header('last-modified'), kept.lastModified)
  return isSameFile ? null : 'the archive there has changed since'
}

/** A cut connection is an interruption. */
async function* piecesOf(response: Response): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  try {
    if (response.body) yield* chunksOf(response.body)
  } catch (cause) {
    throw new Interruption('the connection was cut', { cause, isAnswered: true })
  }
}

/** Of another site only some headers can be seen, and what is said of the length may be of what was packed for its way. */
const isWhollySaid = ({ type }: Response) => type !== 'cors'

/**
 * @param why what was kept is given up; null where nothing was
 * @param isEncoded whether ranges were found to be of no use
 */
async function begin(
  set: DataSetId,
  url: string,
  response: Response,
  ports: DownloadPorts,
  why: string | null,
  isEncoded = false,
): Promise<void> {
  const header = (name: string) => response.headers.get(name)
  const pieces = piecesOf(response)
  // What was kept stays until there is something in its place.
  const first = await pieces.next()
  try {
    if (why !== null) ports.onRestart(why)
  } catch (error) {
    await pieces.return()
    throw error
  }
  const length = header('content-length')
  const isPacked =
    isEncoded || header('content-encoding') !== null || (!first.done && isUnpacked(first.value, url))
  await ports.downloads.begin(set, {
    url,
    // Of a response that is packed for its way, the length says nothing about what we get.
    totalBytes: length === null || isPacked ? null : Number(length),
    isEncoded: isPacked,
    etag: header('etag'),
    lastModified: header('last-modified'),
  })
  const record = await ports.downloads.find(set)
  async function* all() {
    if (!first.done) yield first.value
    yield* pieces
  }
  if (record) await receive(set, all(), record, isWhollySaid(response), ports)
}

/** Whether the browser has unpacked what the address calls packed: the server marked the archive itself as an encoding. */
const isUnpacked = (head: Uint8Array, url: string) =>
  /\.t?gz($|\?)/.test(url) && fileKindOf(head)?.id === 'tar'

async function receive(
  set: DataSetId,
  pieces: AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined>,
  { bytes: bytesBefore, totalBytes }: DownloadRecord,
  isTotalSure: boolean,
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
    for await (const piece of pieces) {
      for (let at = 0; at < piece.length;) {
        const taken = piece.subarray(at, at + PART_BYTES - filled)
        part.set(taken, filled)
        filled += taken.length
        at += taken.length
        if (filled === PART_BYTES) await flush()
      }
      bytes += piece.length
      onProgress(bytes, totalBytes !== null && bytes > totalBytes ? null : totalBytes)
    }
  } catch (error) {
    if (error instanceof Interruption) await flush()
    throw error
  }
  await flush()
  if (isTotalSure && totalBytes !== null && bytes < totalBytes)
    throw new Interruption('the connection was closed too early', { isAnswered: true })
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
  const next = record?.isEncoded
    ? `${ENCODED}, so resuming begins again; ${ADVICE}`
    : 'what has arrived is kept, so resume when the connection is back'
  return new AppError(
    'archive-interrupted',
    `${url} stopped after ${megabytes(record?.bytes ?? 0)}${total} (${interruption.message}; ${attempts} attempts); ${next}.`,
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
