// What `npm start` serves: the built app with its headers, compressed, and the archives beside it. To this machine's own
// browser alone, unless a person opens it: no path leaves the folder, and no other site's page may ask it.
import { realpath } from 'node:fs/promises'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import { join, sep } from 'node:path'
import compression from 'compression'
import sirv from 'sirv'
import { cacheControlOf, headersOf } from '../../src/site/headers.ts'

export type LabServerOptions = {
  /** Of the built app. */
  readonly folder: string
  /** Answers for what lies under /archives; its request's address begins after that. */
  readonly archives: RequestListener
  /** A name, beside localhost and addresses in numbers, by which the server may be asked. */
  readonly name?: string | undefined
}

const ARCHIVES = '/archives'

export function labServer({ folder, archives, name }: LabServerOptions): RequestListener {
  // Looked up at each request: a later build replaces the files.
  const files = sirv(folder, {
    dev: true,
    etag: true,
    extensions: ['html'],
    setHeaders: (response, path) => response.setHeader('cache-control', cacheControlOf(path.slice(1))),
  })
  const compress = compression()

  return (request, response) => {
    const path = pathOf(request)
    for (const [header, value] of Object.entries(headersOf(path?.slice(1) ?? ''))) {
      response.setHeader(header, value)
    }
    if (!isOurs(request.headers.host, name)) {
      refuse(response, 403, 'This server is asked by a name that is not its own; start it with --host NAME.')
    } else if (path === null) {
      refuse(response, 400, 'This is no address of a file.')
    } else if (path.startsWith(`${ARCHIVES}/`)) {
      request.url = path.slice(ARCHIVES.length)
      archives(request, response)
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      refuse(response, 405, 'Files can only be read (GET, HEAD).')
    } else {
      void send(request, response, path)
    }
  }

  async function send(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const none = () => refuse(response, 404, `There is no file ${path} here.`)
    if (!(await isInside(folder, path))) return none()
    compress(compressible(request), response, () => files(request, response, none))
  }
}

/**
 * Whether a request came by a name of this server. A page elsewhere, whose own name was made to lead here (DNS
 * rebinding), asks by that name.
 */
export function isOurs(host: string | undefined, name: string | undefined): boolean {
  const url = `http://${host ?? ''}`
  if (!host || !URL.canParse(url)) return false
  const { hostname } = new URL(url)
  const isAddress = isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0
  return isAddress || hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === name
}

/** The path that is asked for, in plain characters; null for one that a file of ours cannot have. */
function pathOf({ url = '' }: IncomingMessage): string | null {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/s, ''))
    const isPlain = path.startsWith('/') && !/[\0\\]|\/\.|\/\//.test(path)
    return isPlain ? path : null
  } catch {
    return null
  }
}

/** Also where a part of the path is a link that leads elsewhere. */
async function isInside(folder: string, path: string): Promise<boolean> {
  try {
    const root = await realpath(folder)
    return `${await realpath(join(root, path))}${sep}`.startsWith(root + sep)
  } catch {
    return false
  }
}

/** A part of a file is counted in the file's own bytes. */
function compressible(request: IncomingMessage): IncomingMessage {
  if (request.headers.range) delete request.headers['accept-encoding']
  return request
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`)
}
