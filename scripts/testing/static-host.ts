// Plays a static host: a folder's files by their names, and no header but their type.
import { readFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { extname, join, normalize } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
}

export function staticHost(folder: string): RequestListener {
  return (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host')
    // A URL's path begins with a slash, so that nothing outside the folder has a name.
    const name = normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname)
    readFile(join(folder, name)).then(
      (bytes) => response.setHeader('content-type', TYPES[extname(name)] ?? '').end(bytes),
      () => response.writeHead(404).end(),
    )
  }
}
