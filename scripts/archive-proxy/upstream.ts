// Requests to the archives' host, and what we remember of a file there.
import { readFile, writeFile } from 'node:fs/promises'
import { fetch, type Response } from 'undici'
import { z } from 'zod'
import { environmentProxy } from './environment-proxy.ts'

/** The host has no archive for us; its answer, to be passed on. */
export class UpstreamAnswer extends Error {
  readonly status: number
  readonly contentType: string

  constructor(status: number, contentType: string, body: string, options?: ErrorOptions) {
    super(body, options)
    this.name = 'UpstreamAnswer'
    this.status = status
    this.contentType = contentType
  }
}

const versionSchema = z.object({
  url: z.string(),
  /** Null where the host does not say. */
  totalBytes: z.int().nullable(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
})
/** Which file, and which version of it, cached bytes are of. Kept in a file beside them. */
export type Version = z.infer<typeof versionSchema>

export async function readVersion(path: string): Promise<Version | null> {
  try {
    return versionSchema.parse(JSON.parse(await readFile(`${path}.json`, 'utf8')))
  } catch {
    return null
  }
}

export async function writeVersion(path: string, version: Version): Promise<void> {
  await writeFile(`${path}.json`, JSON.stringify(version))
}

export type Upstream = {
  readonly version: Version
  /** Where the body begins: where it was asked to, or 0 where the host has no ranges or another version. */
  readonly from: number
  readonly body: AsyncIterable<Uint8Array>
}

/**
 * A file's bytes from `from` on.
 * @param known the version that the bytes before them are of; null where there are none
 * @throws UpstreamAnswer
 */
export async function requestUpstream(
  url: string,
  from: number,
  known: Version | null,
  signal: AbortSignal,
): Promise<Upstream> {
  const headers: Record<string, string> = { 'accept-encoding': 'identity' }
  if (from > 0) {
    headers['range'] = `bytes=${from}-`
    const validator = known?.etag ?? known?.lastModified
    if (validator) headers['if-range'] = validator
  }
  const response = await fetchThroughProxy(url, headers, signal).catch((error: unknown) => {
    throw unreachable(url, error)
  })
  const type = response.headers.get('content-type') ?? ''
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '')
  const continues = response.status === 206 && Number(range?.[1]) === from
  if (from > 0 && !continues && response.status !== 200) {
    await response.body?.cancel()
    return requestUpstream(url, 0, null, signal)
  }
  if (!continues && response.status !== 200) throw await refusal(url, response)
  if (type.startsWith('text/html')) throw new UpstreamAnswer(200, type, await response.text())
  const length = Number(response.headers.get('content-length') ?? NaN)
  const version = {
    url,
    totalBytes: Number.isNaN(length) ? null : length + (continues ? from : 0),
    etag: response.headers.get('etag'),
    lastModified: response.headers.get('last-modified'),
  }
  return { version, from: continues ? from : 0, body: response.body ?? emptyBody() }
}

/** A function of its own, so that a proxy's address that is none is a failure to reach anything. */
async function fetchThroughProxy(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Response> {
  return fetch(url, { headers, signal, dispatcher: environmentProxy() })
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

async function refusal(url: string, response: Response): Promise<UpstreamAnswer> {
  await response.body?.cancel()
  const status = [401, 403, 404, 410].includes(response.status) ? response.status : 502
  return plain(status, `${url} answered ${response.status} ${response.statusText}.`)
}

function unreachable(url: string, error: unknown): UpstreamAnswer {
  let cause = error
  // What a proxy answered lies three deep.
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return plain(
    502,
    `${url} cannot be reached (${reason}); check this computer's network and its proxy (HTTPS_PROXY, NO_PROXY), or set RESIDUAL_LAB_ARCHIVES to another address.`,
  )
}

function plain(status: number, sentence: string): UpstreamAnswer {
  return new UpstreamAnswer(status, 'text/plain; charset=utf-8', `${sentence}\n`)
}
