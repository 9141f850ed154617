import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export type LocalServer = AsyncDisposable & {
  /** Ends in a slash. */
  readonly base: string
  /** "METHOD /path range", in order. */
  readonly requests: string[]
  close(): Promise<void>
}

/** A real HTTP server on this machine, on a port of its own. */
export async function serve(listener: RequestListener): Promise<LocalServer> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.range ?? ''}`.trim())
    listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = addressOf(server.address())
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return { base: `http://127.0.0.1:${port}/`, requests, close, [Symbol.asyncDispose]: close }
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address
}

export type Serving = {
  /** Cuts the connection after so many bytes of an answer. */
  readonly cutAfter?: number
  /** Answers with the whole file whatever was asked. */
  readonly ignoresRange?: boolean
  readonly etag?: string
  /** Says no length. */
  readonly chunked?: boolean
}

/** Answers with a file as a good server does, or with one of these faults. */
export function fileListener(bytes: Uint8Array, serving: () => Serving = () => ({})): RequestListener {
  return (request, response) => {
    const { cutAfter = Infinity, ignoresRange = false, etag = '"1"', chunked = false } = serving()
    const asked = ignoresRange ? undefined : /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]
    const from = Number(asked ?? 0)
    if (from >= bytes.length && from > 0) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end()
      return
    }
    response.writeHead(asked === undefined ? 200 : 206, {
      ...(chunked ? {} : { 'content-length': bytes.length - from }),
      'content-type': 'application/gzip',
      etag,
      ...(asked === undefined
        ? {}
        : { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
    })
    if (from + cutAfter >= bytes.length) response.end(bytes.subarray(from))
    else response.write(bytes.subarray(from, from + cutAfter), () => response.destroy())
  }
}
